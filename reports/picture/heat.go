package picture

import (
	"fmt"
	"html/template"
	"strconv"
)

// HeatRow is one row of a heat map: how many things of each sort there are.
type HeatRow struct {
	Name   template.HTML // as the page writes it
	Counts []int         // one for each column
}

// HeatColumn is one column of a heat map.
type HeatColumn struct {
	Ink  Ink
	Word string
}

// Heat draws a table of numbers of which each is the darker the larger its share of the row is: pillars by verdicts. The
// columns are told apart by their headings and the shares by their numbers, so the colours only repeat what is read.
func Heat(caption, of string, columns []HeatColumn, rows []HeatRow) template.HTML {
	if len(rows) == 0 {
		return ""
	}
	var c canvas
	fmt.Fprintf(&c, `<table class="heat"><caption>%s</caption><thead><tr><th scope="col">%s</th>`, escape(caption), escape(of))
	for _, col := range columns {
		fmt.Fprintf(&c, `<th scope="col" class="num"><span class="v %s">%s</span></th>`, col.Ink, escape(col.Word))
	}
	c.WriteString("</tr></thead><tbody>")
	for _, r := range rows {
		total := 0
		for _, n := range r.Counts {
			total += max(0, n)
		}
		fmt.Fprintf(&c, `<tr><th scope="row">%s</th>`, r.Name)
		for i, col := range columns {
			n := 0
			if i < len(r.Counts) {
				n = max(0, r.Counts[i])
			}
			c.heatCell(col.Ink, n, total)
		}
		c.WriteString("</tr>")
	}
	c.WriteString("</tbody></table>")
	return c.html()
}

// heatCell tints a cell by its share. The deepest tint still lets the number be read.
func (c *canvas) heatCell(ink Ink, n, total int) {
	if n == 0 {
		c.WriteString(`<td class="num"></td>`)
		return
	}
	fmt.Fprintf(c, `<td class="num"><svg class="pic tint %s" aria-hidden="true"><rect width="100%%" height="100%%" fill-opacity="%s"/></svg><span>%s</span></td>`,
		ink, num(0.05+0.30*float64(n)/float64(total)), strconv.Itoa(n))
}
