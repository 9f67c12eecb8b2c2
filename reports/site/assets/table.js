"use strict";
// Tables with data-table can be sorted by their headings. Without this script they are read as they are.
for (const table of document.querySelectorAll("table[data-table]")) {
	const body = table.tBodies[0], rows = [...body.rows], heads = [...table.tHead.rows[0].cells];
	const words = {"not rated": -1, none: 0, bronze: 1, silver: 2, gold: 3, fail: 0, unknown: 1, pass: 2, "n/a": 3};
	const key = (row, i) => {
		const text = row.cells[i].textContent.trim();
		return text in words ? words[text] : text === "" || isNaN(text) ? text.toLowerCase() : +text;
	};
	const compare = (a, b) => typeof a !== typeof b ? typeof a === "number" ? -1 : 1 : typeof a === "number" ? a - b : a.localeCompare(b);
	heads.forEach((head, i) => {
		if (head.classList.contains("fixed") || rows.length < 2) return;
		const button = document.createElement("button");
		button.type = "button";
		button.append(...head.childNodes);
		head.append(button);
		button.addEventListener("click", () => {
			const down = head.getAttribute("aria-sort") === "ascending";
			for (const h of heads) h.removeAttribute("aria-sort");
			head.setAttribute("aria-sort", down ? "descending" : "ascending");
			const keyed = rows.map(row => [key(row, i), row]).sort((a, b) => down ? compare(b[0], a[0]) : compare(a[0], b[0]));
			body.append(...keyed.map(k => k[1]));
		});
	});
}
