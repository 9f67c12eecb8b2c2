package reports

// Formats gives every format, the default one first.
func Formats() []Format {
	return []Format{
		{Name: "text", Summary: "tables for a terminal", Write: writeText},
		{Name: "lines", Summary: "one finding a line, as file:line:column", Write: writeLines},
		{Name: "markdown", Summary: "GitHub-flavoured Markdown, for a comment or a job summary", Write: writeMarkdown},
		{Name: "json", Summary: "everything, for other tools", Write: writeJSON},
	}
}
