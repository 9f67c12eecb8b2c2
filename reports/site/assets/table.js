"use strict";
// Tables with data-table can be sorted by their headings and, when long, filtered. Without this script they are read as they are.
for (const table of document.querySelectorAll("table[data-table]")) {
const body = table.tBodies[0], rows = [...body.rows], noun = table.dataset.table;
const words = {none: 0, bronze: 1, silver: 2, gold: 3, fail: 0, unknown: 1, pass: 2, "n/a": 3};
const key = (row, i) => { const t = row.cells[i].textContent.trim(); return t in words ? words[t] : t === "" || isNaN(t) ? t.toLowerCase() : +t; };
const compare = (a, b) => typeof a === typeof b ? (typeof a === "number" ? a - b : a.localeCompare(b)) : typeof a === "number" ? -1 : 1;
[...table.tHead.rows[0].cells].forEach((head, i) => {
if (head.classList.contains("fixed")) return;
const button = document.createElement("button");
button.type = "button";
button.append(...head.childNodes);
head.append(button);
button.addEventListener("click", () => {
const down = head.getAttribute("aria-sort") === "ascending";
for (const h of table.tHead.rows[0].cells) h.removeAttribute("aria-sort");
head.setAttribute("aria-sort", down ? "descending" : "ascending");
const keyed = rows.map(row => [key(row, i), row]).sort((a, b) => down ? compare(b[0], a[0]) : compare(a[0], b[0]));
body.append(...keyed.map(k => k[1]));
});
});
if (rows.length < 8) continue;
const form = document.createElement("div"), label = document.createElement("label"), input = document.createElement("input"), told = document.createElement("output");
form.className = "filter";
input.type = "search";
input.placeholder = "name, team, level";
label.append("Filter " + noun + " ", input);
form.append(label);
let short;
if (table.querySelector("td.s")) {
const only = document.createElement("label");
short = document.createElement("input");
short.type = "checkbox";
only.append(short, " below their required level");
form.append(only);
short.addEventListener("change", filter);
}
form.append(told);
table.parentElement.before(form);
const texts = rows.map(row => row.textContent.toLowerCase());
const below = rows.map(row => row.querySelector("td.s") !== null);
function filter() {
const terms = input.value.toLowerCase().split(/\s+/).filter(Boolean);
let shown = 0;
rows.forEach((row, i) => { row.hidden = !(terms.every(t => texts[i].includes(t)) && (!short || !short.checked || below[i])); if (!row.hidden) shown++; });
told.textContent = shown === rows.length ? "" : shown + " of " + rows.length;
}
input.addEventListener("input", filter);
}
