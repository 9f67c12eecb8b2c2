package reports

// Formats gives every format, the default one first.
func Formats() []Format {
	return []Format{
		{Name: "text", Summary: "tables for a terminal", Write: writeText},
		{Name: "lines", Summary: "one finding a line, as file:line:column", Write: writeLines},
		{Name: "markdown", Summary: "GitHub-flavoured Markdown, for a comment or a job summary", Write: writeMarkdown},
		{Name: "digest", Summary: "a short Markdown digest of the estate, or of one team, for chat and e-mail", Write: writeDigest},
		{Name: "json", Summary: "everything, for other tools", Write: writeJSON},
		{Name: "csv", Summary: "a table of the services", Write: writeServicesCSV},
		{Name: "csv-findings", Summary: "a table of the findings", Write: writeFindingsCSV},
		{Name: "openmetrics", Summary: "metrics, for the textfile collector of node_exporter", Write: writeOpenMetrics},
	}
}
