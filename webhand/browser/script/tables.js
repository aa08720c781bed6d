// Where the cells of a table stand, of which some go on over several columns or rows, and what heads their columns.
const SPANS = "[rowspan],[colspan]", COLUMNS = 1000, REACH_CHARS = 40;
const FIELD_TAGS = "input,select,textarea";            // a heading may be a link that sorts
let tables = null;                     // during a pass: each table that was asked for, laid out once
const tableAround = (cell) => {
  const table = cell.closest("table");
  if (!table) return null;
  let known = tables?.get(table);
  if (!known) {
    known = new Table(table);
    tables?.set(table, known);
  }
  return known;
};
const isHead = (cell) => cell.tagName === "TH" ? !/^row/.test(cell.scope) : !cell.textContent.trim();

class Table {
  constructor(table) {
    this.heads = this.headRows(table);
    this.columns = null;               // by cell, where the first is not what counting says
    this.reach = new Map();            // by cell or row: what stands before it or at its end, null where that is nothing
    this.grid = new Map();             // by row of headings: its cells by column
    this.words = new Map();
    this.width = 0;
    if ((this.heads.length || table.querySelector("th")) && table.querySelector(SPANS)) this.lay(table.rows);
  }
  // The rows of headings: those that say so, or all at the top that hold nothing else.
  headRows({ tHead, rows }) {
    if (tHead?.rows.length) return Array.from(tHead.rows);
    const heads = [];
    for (const row of rows) {
      const cells = Array.from(row.cells);
      if (!cells.some((cell) => cell.tagName === "TH") || !cells.every(isHead)) break;
      heads.push(row);
    }
    return heads;
  }
  lay(rows) {
    const heads = new Set(this.heads);
    let group = null, above = [];      // by column: what comes down from rows above, and for how many more
    this.columns = new Map();
    for (const row of rows) {
      if (row.parentNode !== group) { group = row.parentNode; above = []; }
      this.layRow(row, above, heads.has(row) ? [] : null);
    }
  }
  layRow(row, above, line) {
    let column = 0, before = [];
    const down = () => {
      const from = above[column];
      if (!from?.rows) return false;
      from.rows--;
      if (from.cell !== before.at(-1)) before.push(from.cell);
      if (line) line[column] = from.cell;
      return true;
    };
    for (const cell of row.cells) {
      while (down()) column++;
      if (before.length) this.reach.set(cell, before);
      this.columns.set(cell, column);
      const end = Math.min(column + cell.colSpan, COLUMNS), more = cell.rowSpan === 0 ? Infinity : cell.rowSpan - 1;
      before = Array(Math.max(0, end - column - 1)).fill(null);
      for (; column < end; column++) {
        above[column] = more ? { cell, rows: more } : null;
        if (line) line[column] = cell;
      }
    }
    for (; column < above.length; column++) if (!down()) before.push(null);
    while (before.length && before.at(-1) === null) before.pop();
    if (before.length) this.reach.set(row, before);
    if (line) this.grid.set(row, line);
    this.width = Math.max(this.width, column);
  }
  // The headings of a cell's column from top to bottom; one over the whole table is about none.
  headsOf(cell) {
    const column = this.columns ? this.columns.get(cell) : cell.cellIndex, found = new Set();
    for (const row of this.heads) {
      if (row === cell.parentNode) break;
      const head = this.columns ? this.grid.get(row)[column] : row.cells[column];
      if (head && head !== cell && !(this.width > 1 && head.colSpan >= this.width)) found.add(head);
    }
    return Array.from(found);
  }
  // What a cell of a row above says that goes on in this row.
  wordsOf(cell) {
    if (!this.words.has(cell)) this.words.set(cell, hasControls(cell) ? "" : cut(contentText(cell, REACH_CHARS), REACH_CHARS));
    return this.words.get(cell);
  }
}

// What heads a cell: what it says itself, its column, or its row.
const headOf = (cell) => {
  const told = cell.getAttribute("headers"), table = tableAround(cell);
  const named = told ? told.split(/\s+/).map((id) => cell.getRootNode().getElementById?.(id)).filter(Boolean) : [];
  const words = (heads) => squeeze(heads.filter((one) => !one.querySelector(FIELD_TAGS)).map((one) => contentText(one, 80)).join(" "));
  return words(named) || table && (words(table.headsOf(cell)) || words(rowHeads(cell)));
};
const rowHeads = (cell) => Array.from(cell.parentNode.cells || []).filter((one) => one !== cell && /^row/.test(one.scope));
