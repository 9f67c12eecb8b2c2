package jsonnet

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"obsready/catalog"
)

// look reads a file and notes the state that it is in.
func (s *session) look(p string) (data []byte, ok bool, err error) {
	data, ok, err = s.files.Read(p)
	if err != nil {
		s.unread = true
		var u Unread
		if errors.As(err, &u) {
			return nil, false, s.refuse(u.Gap.Cause, "%q could not be read: %s", p, u.Gap.Detail)
		}
		return nil, false, s.refuse(catalog.MissingObject, "%q could not be read: %v", p, err)
	}
	if _, known := s.seen[p]; !known {
		s.seen[p] = hashOf(s.files, p, data, ok)
	}
	return data, ok, nil
}

// hashOf gives what changes when the bytes of a file do; "" when there is no file.
func hashOf(files Files, p string, data []byte, ok bool) string {
	if !ok {
		return ""
	}
	if h := files.Hash(p); h != "" {
		return h
	}
	return digest(data)
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// admitBytes counts a file that is about to be sent, and refuses it when it is one too many.
func (s *session) admitBytes(p string, data []byte) error {
	s.bytes += int64(len(data))
	if !s.sent[p] && len(s.sent) >= s.options.MaxReads {
		return s.refuse(catalog.TooCostly, "the program reads more than %d files. keep the rendered files in the catalog", s.options.MaxReads)
	}
	if s.bytes > s.options.MaxBytes {
		return s.refuse(catalog.TooCostly, "the program reads more than %d MiB. keep the rendered files in the catalog", s.options.MaxBytes>>20)
	}
	s.sent[p] = true
	return nil
}
