package jsonnet

import "sync"

// Shared gives files that several goroutines may ask at once: they are asked one after the other.
func Shared(files Files) Files { return &shared{files: files} }

type shared struct {
	mu    sync.Mutex
	files Files
}

func (s *shared) Read(path string) ([]byte, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.files.Read(path)
}

func (s *shared) Paths() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.files.Paths()
}

func (s *shared) Hash(path string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.files.Hash(path)
}
