// The main content of the page as Markdown: what can be seen of it, and nothing of what surrounds it.
const ASIDE = "nav, footer, aside, [role=navigation], [role=contentinfo], [role=complementary], [role=search]";
const BAR = { H1: "# ", H2: "## ", H3: "### ", H4: "#### ", H5: "##### ", H6: "###### " };
const escaped = (text) => text.replace(/[\\`*_[\]]|^(?=[#>]|\d+\. |[-+] )/g, "\\$&");
const indented = (text, first, rest) => text.split("\n").map((row, at) => row ? (at ? rest : first) + row : "").join("\n");

// What stands in a line: text, links, pictures, and marks around them.
const inline = (node) => {
  if (node.nodeType === 3) return escaped(node.data.replace(/\s+/g, " "));
  if (node.nodeType !== 1 || SKIPPED.has(node.tagName) || !hiding(node) && !shown(node)) return "";
  const text = () => Array.from(drawnIn(node), inline).join("");
  const marked = (mark) => { const inner = text(), core = inner.trim(); return core ? inner.replace(core, () => mark + core + mark) : inner; };
  switch (node.tagName) {
    case "BR": return "  \n";
    case "B": case "STRONG": return marked("**");
    case "I": case "EM": return marked("*");
    case "CODE": case "KBD": case "SAMP": return node.textContent.trim() ? "`" + squeeze(node.textContent) + "`" : "";
    case "IMG": return node.alt ? `![${escaped(node.alt)}](${node.currentSrc || node.src})` : "";
    case "A": { const inner = text().trim(); return inner && node.href ? `[${inner}](${node.href})` : inner; }
    case "INPUT": case "SELECT": case "TEXTAREA": return escaped(valueOf(node, roleOf(node)) || "");
    default: return text();
  }
};
const tidy = (text) => text.replace(/[ \t]+/g, " ").replace(/ *\n */g, "  \n").replace(/^\s+|\s+$/g, "").replace(/  \n(?=\s*$)/, "");
const rowOf = (row) => `| ${Array.from(row.cells, (cell) => tidy(inline(cell)).replace(/\s*\n\s*/g, " ").replace(/\|/g, "\\|")).join(" | ")} |`;
const tableOf = (table) => {
  const rows = Array.from(table.rows).filter((row) => shown(row) && row.cells.length);
  return rows.length ? [rowOf(rows[0]), `|${" --- |".repeat(rows[0].cells.length)}`, ...rows.slice(1).map(rowOf)].join("\n") : "";
};
const listOf = (list) => {
  const numbers = list.tagName === "OL" ? numbersIn(list) : null;
  return Array.from(list.children).filter((item) => item.tagName === "LI" && shown(item)).map((item) => {
    const mark = numbers?.has(item) ? `${numbers.get(item)}. ` : "- ";
    return indented(blocks(item).join("\n"), mark, " ".repeat(mark.length));
  }).join("\n");
};
// The blocks in a node, each without blank lines around it.
const blocks = (node, left = null) => {
  const found = [];
  let line = "";
  const flush = () => { const text = tidy(line); if (text) found.push(text); line = ""; };
  for (const child of drawnIn(node)) {
    if (child.nodeType !== 1) { if (child.nodeType === 3) line += inline(child); continue; }
    if (SKIPPED.has(child.tagName) || !hiding(child) && !shown(child) || left && child.matches(left)) continue;
    if (!isBlock(getComputedStyle(child).display) && child.tagName !== "SLOT" && !rootOf(child)) { line += inline(child); continue; }
    flush();
    const tag = child.tagName;
    if (BAR[tag]) { const text = tidy(inline(child)).replace(/\s*\n\s*/g, " "); if (text) found.push(BAR[tag] + text); }
    else if (tag === "TABLE" && child.rows.length > 1 && !child.querySelector("table")) found.push(tableOf(child));
    else if (tag === "UL" || tag === "OL") found.push(listOf(child));
    else if (tag === "PRE") found.push("```\n" + child.textContent.replace(/\n$/, "") + "\n```");
    else if (tag === "BLOCKQUOTE") found.push(indented(blocks(child).join("\n\n"), "> ", "> ").replace(/^$/gm, ">"));
    else if (tag === "HR") found.push("---");
    else found.push(...blocks(child, left));
  }
  flush();
  return found.filter(Boolean);
};
const markdown = () => {
  if (!real.body) return "";
  const main = Array.from(real.querySelectorAll("main, [role=main], article")).filter(shown)
    .find((one) => one.textContent.length * 3 > real.body.textContent.length);
  return blocks(main || real.body, main ? null : ASIDE).join("\n\n");
};
