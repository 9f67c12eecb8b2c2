"use strict";
// The page of services: search, filters and sorting, over all services of the estate, which stand as data in the page.
// What is chosen stands in the address, so that a view can be sent and the browser's Back leads to the one before.
{
const data = JSON.parse(document.getElementById("data").textContent);
const form = document.getElementById("find"), table = document.querySelector("table.services"), body = table.tBodies[0];
const told = document.getElementById("told"), more = document.getElementById("more"), rest = document.getElementById("rest");
const alphabet = new Intl.Collator(), step = 100, levels = ["none", "bronze", "silver", "gold"], words = {p: "pass", f: "fail", u: "unknown", n: "n/a"};

const rows = data.rows.map(([id, title, path, team, tier, level, required, verdicts, score, unknown, trend], need) => ({
	id, title, path: path || "services/" + id + ".html", team: data.teams[team], tier, level, required, verdicts, score, unknown, trend, need,
	text: (id + " " + title + " " + data.teams[team][0] + " " + (level < 0 ? "not rated" : levels[level])).toLowerCase(),
}));

// A week that is as the one before is empty, one of which nothing is known is "?".
function decode(trend) {
	if (!trend) return [];
	let last = null;
	return trend.split(",").map(w => last = w === "" ? last : w === "?" ? null : +w);
}

function change(trend) {
	const known = decode(trend).filter(w => w !== null);
	return known.length > 1 ? known[known.length - 1] - known[0] : null;
}

const by = {
	need: r => r.need, name: r => r.id, team: r => r.team[0], tier: r => r.tier, level: r => r.level < 0 ? null : r.level,
	required: r => r.level < 0 ? null : r.required, score: r => r.score, unknown: r => r.unknown || 0, trend: r => change(r.trend),
};

function fill(name, options) {
	for (const [value, text] of options) form.elements[name].append(new Option(text, value));
}
fill("team", data.teams.map(t => [t[0], t[0]]));
fill("tier", [...new Set(rows.map(r => r.tier))].sort().map(t => [t, t]));
fill("pillar", data.pillars.map(p => [p.toLowerCase(), p]));

function fromAddress() {
	const asked = new URLSearchParams(location.search);
	for (const field of form.elements) {
		if (!field.name) continue;
		const value = asked.get(field.name) || "";
		if (field.type === "checkbox") field.checked = value === "1";
		else field.value = value;
		if (field.tagName === "SELECT" && field.selectedIndex < 0) field.selectedIndex = 0; // no such value
	}
	descending = (asked.get("sort") || "").startsWith("-");
	if (descending) form.elements.sort.value = asked.get("sort").slice(1);
	if (form.elements.sort.selectedIndex < 0) form.elements.sort.selectedIndex = 0;
}

function address() {
	const chosen = new URLSearchParams();
	for (const [name, value] of new FormData(form)) if (value) chosen.set(name, name === "sort" && descending ? "-" + value : value);
	if (!chosen.has("sort") && descending) chosen.set("sort", "-need");
	return location.pathname + (chosen.size ? "?" + chosen : "");
}

function wanted() {
	const f = form.elements, terms = f.q.value.toLowerCase().split(/\s+/).filter(Boolean), at = data.pillars.findIndex(p => p.toLowerCase() === f.pillar.value), verdict = f.verdict.value.charAt(0);
	return rows.filter(r =>
		(!f.team.value || r.team[0] === f.team.value) && (!f.tier.value || r.tier === +f.tier.value) && (!f.level.value || r.level === levels.indexOf(f.level.value)) &&
		(!f.below.checked || r.level >= 0 && r.level < r.required) &&
		(at < 0 ? !verdict || r.verdicts.includes(verdict) : verdict ? r.verdicts[at] === verdict : r.verdicts[at] !== "n") &&
		terms.every(t => r.text.includes(t)));
}

// What has no value stands last, in both directions.
function sorted(found) {
	const value = by[form.elements.sort.value || "need"], sign = descending ? -1 : 1;
	const compare = (a, b) => a === b ? 0 : a === null ? 1 : b === null ? -1 : sign * (typeof a === "string" ? alphabet.compare(a, b) : a - b);
	return found.map(r => [value(r), r]).sort((a, b) => compare(a[0], b[0]) || a[1].need - b[1].need).map(k => k[1]);
}

let found, shown, descending = false;

function draw() {
	found = sorted(wanted());
	shown = 0;
	body.replaceChildren();
	extend();
	tell();
}

function tell() {
	told.textContent = (found.length === rows.length ? "All " : found.length.toLocaleString("en") + " of ") + rows.length.toLocaleString("en") + (rows.length === 1 ? " service" : " services") + (found.length ? "" : ": none is as asked");
	for (const h of heads) {
		h.removeAttribute("aria-sort");
		if (h.dataset.sort === form.elements.sort.value) h.setAttribute("aria-sort", descending ? "descending" : "ascending");
	}
}

function extend() {
	const next = found.slice(shown, shown + step).map(row);
	body.append(...next);
	shown += next.length;
	offer();
	return next[0];
}

function offer() {
	more.hidden = shown >= found.length;
	more.textContent = "Show " + Math.min(step, found.length - shown) + " more of " + (found.length - shown).toLocaleString("en");
}

function make(tag, className, ...children) {
	const e = document.createElement(tag);
	if (className) e.className = className;
	e.append(...children);
	return e;
}

function lead(href, text) {
	const a = make("a", "", text);
	a.href = href;
	return a;
}

function row(r) {
	const name = make("th", "", lead(r.path, r.id));
	name.scope = "row";
	if (r.title) name.append(" ", make("span", "sub", r.title));
	const cells = [name, make("td", "t", r.team[1] ? lead(r.team[1], r.team[0]) : r.team[0]), make("td", "num", r.tier),
		make("td", r.level < 0 ? "n" : "l" + r.level, r.level < 0 ? "not rated" : levels[r.level]), make("td", r.level >= 0 && r.level < r.required ? "s" : "r", r.level < 0 ? "" : levels[r.required])];
	for (const v of r.verdicts) cells.push(make("td", v === "p" ? "" : v, words[v]));
	cells.push(make("td", "num", r.score ?? ""), make("td", "num", r.unknown || ""));
	if (data.weeks) cells.push(make("td", "trend", ...spark(r)));
	return make("tr", "", ...cells);
}

// The same line as pages draw that were written without a script.
function spark(r) {
	const weeks = decode(r.trend), known = weeks.filter(w => w !== null);
	if (known.length < 2) return [];
	let low = Math.min(...known), high = Math.max(...known);
	if (high - low < 10) [low, high] = [(low + high) / 2 - 5, (low + high) / 2 + 5];
	const x = i => 2 + 96 * i / (data.weeks - 1), y = w => 18 - 16 * (w - low) / (high - low);
	const from = data.weeks - weeks.length, svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), path = document.createElementNS(svg.namespaceURI, "path");
	svg.setAttribute("viewBox", "0 0 100 20");
	svg.setAttribute("class", "pic");
	svg.setAttribute("aria-hidden", "true");
	path.setAttribute("d", weeks.map((w, i) => w === null ? "" : (i && weeks[i - 1] !== null ? "L" : "M") + x(from + i).toFixed(1) + " " + y(w).toFixed(1)).join(""));
	svg.append(path);
	return [make("span", "spark", make("span", "", known[0] + "%"), " ", svg, " ", make("span", "", known[known.length - 1] + "%"))];
}

function changed(push) {
	if (address() !== location.pathname + location.search) history[push ? "pushState" : "replaceState"](null, "", address());
	draw();
}

const heads = [...table.tHead.rows[0].cells].filter(h => h.dataset.sort);
for (const h of heads) {
	const button = make("button", "", ...h.childNodes);
	button.type = "button";
	h.append(button);
	button.addEventListener("click", () => {
		descending = h.getAttribute("aria-sort") === "ascending";
		form.elements.sort.value = h.dataset.sort;
		changed(true);
	});
}
form.addEventListener("input", e => { if (e.target.type === "search") changed(false); });
form.addEventListener("change", e => {
	if (e.target.name === "sort") descending = false;
	if (e.target.type !== "search") changed(true);
});
form.addEventListener("submit", e => { e.preventDefault(); changed(true); });
form.addEventListener("reset", () => setTimeout(() => { descending = false; changed(true); form.elements.q.focus(); }));
more.addEventListener("click", () => extend().querySelector("a").focus());
addEventListener("popstate", () => { fromAddress(); draw(); });

form.hidden = false;
if (rest) rest.hidden = true;
fromAddress();
if (location.search) draw();
else { // the rows that are there are the right ones
	[found, shown] = [rows, body.rows.length];
	offer();
	tell();
}
}
