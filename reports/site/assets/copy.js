"use strict";
// A block with data-copy gets a button that copies it.
for (const block of document.querySelectorAll("pre[data-copy]")) {
	const button = document.createElement("button"), told = document.createElement("output"), frame = document.createElement("div");
	button.type = "button";
	button.className = "copy";
	button.textContent = "Copy";
	told.className = "vh";
	frame.className = "copyable";
	block.replaceWith(frame);
	frame.append(block, button, told);
	button.addEventListener("click", async () => {
		let done = true;
		try {
			await navigator.clipboard.writeText(block.textContent);
		} catch { // a browser that keeps its clipboard from pages may still copy what is selected
			getSelection().selectAllChildren(block);
			done = document.execCommand("copy");
		}
		button.textContent = told.textContent = done ? "Copied" : "Selected: press Ctrl+C";
		setTimeout(() => { button.textContent = "Copy"; told.textContent = ""; }, 2000);
	});
}
