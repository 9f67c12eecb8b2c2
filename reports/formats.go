package reports

// Formats gives every format, the default one first.
func Formats() []Format {
	return []Format{}
}
