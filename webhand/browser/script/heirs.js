// Which elements of the look before have left the document, and which of them may have an heir: an element that takes
// their place and their reference. None has where the words that they are known by stood there once more in between, if
// only for a moment: then what stands there now may be that other thing.
const WORDS = LABEL_CHARS - 1, AT_MOST = 20000;     // characters that words are known by; texts that are looked at in a change
let before = new Map();                // the words of each element of the look before, by its number
let watched = new Set();               // those words
const more = new Map();                // by words: how many more of them there are than at the look
const doubled = new Set();
const wordsOf = (entry) => (entry[14] || entry[2]).slice(0, WORDS);
const gone = (entries) => {
  const now = new Map(entries.map((entry) => [entry[0], wordsOf(entry)])), dead = [];
  for (const [id, words] of before) if (!now.has(id) && !nodeOf(id)?.isConnected) dead.push(doubled.has(words) ? -id : id);
  before = now;
  watched = new Set(now.values());
  more.clear();
  doubled.clear();
  return dead;
};

const addTexts = (node, found) => {
  if (node.nodeType === 3) { found.add(node); return; }
  if (node.nodeType !== 1 || node.firstChild === null) return;
  const texts = real.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text && found.size < AT_MOST; text = texts.nextNode()) found.add(text);
};
const count = (text, by, touched) => {
  const words = squeeze(text.slice(0, 1000)).slice(0, WORDS);
  if (!watched.has(words)) return;
  more.set(words, (more.get(words) || 0) + by);
  touched.add(words);
};
// What came and went in one go is taken together: a page that draws itself anew has everything but once.
const heed = (records) => {
  if (records.some(({ type }) => type === "childList")) grown++;
  if (watched.size === 0) return;
  const came = new Set(), went = new Set(), changed = new Map(), touched = new Set();
  for (const { type, target, oldValue, addedNodes, removedNodes } of records) {
    if (type === "characterData" && !changed.has(target)) changed.set(target, oldValue);
    for (const node of addedNodes) addTexts(node, came);
    for (const node of removedNodes) addTexts(node, went);
  }
  for (const text of came) if (!went.has(text) && text.isConnected) count(text.data, 1, touched);
  for (const text of went) if (!came.has(text) && !text.isConnected) count(changed.get(text) ?? text.data, -1, touched);
  for (const [text, old] of changed) {
    if (came.has(text) || went.has(text) || !text.isConnected) continue;
    count(old, -1, touched);
    count(text.data, 1, touched);
  }
  for (const words of touched) if (more.get(words) > 0) doubled.add(words);
};
new MutationObserver(heed).observe(document, { subtree: true, childList: true, characterData: true, characterDataOldValue: true });
