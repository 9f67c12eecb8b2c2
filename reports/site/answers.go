package site

// Unlinked gives the sources that lead nowhere: they are listed by their numbers.
func (a answer) Unlinked() []numbered {
	var all []numbered
	for _, s := range a.Sources {
		if s.Place.Href == "" {
			all = append(all, s)
		}
	}
	return all
}
