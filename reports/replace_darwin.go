package reports

import "golang.org/x/sys/unix"

// exchange swaps two folders in one step. Where the file system cannot, the error is errors.ErrUnsupported.
func exchange(a, b string) error { return unix.RenamexNp(a, b, unix.RENAME_SWAP) }
