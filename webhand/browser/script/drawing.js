// What a drawing shows, in words: kinds of shapes, colours; where no name says it.
const COLOURS = [["black", 0, 0, 0], ["silver", 192, 192, 192], ["gray", 128, 128, 128], ["white", 255, 255, 255], ["maroon", 128, 0, 0],
  ["red", 255, 0, 0], ["purple", 128, 0, 128], ["magenta", 255, 0, 255], ["green", 0, 128, 0], ["lime", 0, 255, 0], ["olive", 128, 128, 0],
  ["yellow", 255, 255, 0], ["navy", 0, 0, 128], ["blue", 0, 0, 255], ["teal", 0, 128, 128], ["aqua", 0, 255, 255], ["orange", 255, 165, 0],
  ["pink", 255, 192, 203], ["brown", 165, 42, 42]];
const HUES = [[15, "red"], [45, "orange"], [70, "yellow"], [165, "green"], [200, "cyan"], [260, "blue"], [290, "purple"], [345, "pink"], [361, "red"]];
const LIKE = 40;                       // how far a colour may be from a named one, over the three parts of 255
const colours = new Map();             // words by what a style says: pages use the same few over and over
// A colour as a word: the name that style sheets have for it, or else its hue; "" for one that is not seen.
const colourWord = (value) => {
  let word = colours.get(value);
  if (word === undefined) colours.set(value, word = wordOf(value));
  return word;
};
const partsOf = (value) => /^rgba?\((.+)\)$/.exec(value)?.[1].split(/[\s,/]+/).map(Number);
const wordOf = (value) => {
  const parts = partsOf(value);
  if (!parts || parts[3] < 0.1) return "";
  const [near] = COLOURS.map(([name, ...its]) => [its.reduce((sum, part, i) => sum + Math.abs(part - parts[i]), 0), name]).sort((a, b) => a[0] - b[0]);
  if (near[0] <= LIKE) return near[1];
  const [red, green, blue] = parts, most = Math.max(red, green, blue), least = Math.min(red, green, blue), range = most - least, light = (most + least) / 510;
  if (range / (255 - Math.abs(most + least - 255) || 1) < 0.15 || range < 12) return light < 0.2 ? "black" : light < 0.4 ? "dark gray" : light < 0.65 ? "gray" : light < 0.93 ? "light gray" : "white";
  const turn = most === red ? (green - blue) / range : most === green ? 2 + (blue - red) / range : 4 + (red - green) / range;
  const hue = HUES.find(([limit]) => (turn * 60 + 360) % 360 < limit)[1];
  return (light < 0.35 ? "dark " : light > 0.7 ? "light " : "") + hue;
};
// Whether words of this style are there for scripts and machines alone.
const unseen = (style) => style.fontSize === "0px" || style.color === "rgba(0, 0, 0, 0)" && !style.backgroundClip.includes("text");
const isGrey = (word) => /black|silver|gray|white/.test(word);

const SHAPES = "circle,ellipse,rect,line,polyline,polygon,path,text";
const SHAPE_TAGS = new Set(SHAPES.split(","));
const XHTML = "http://www.w3.org/1999/xhtml";
const SHAPES_TOLD = 40;                // of one drawing
const SEEN = 2;                        // pixels: what is smaller is nothing yet
const SHAPES_TOLD_IN_ALL = 100;
const SIGN = 2;                        // letters up to which a text of a drawing is a sign whose looks are told
const DRAWING = 40;                    // pixels of a side from which on it is no icon
const NAMED = "[aria-label],[aria-hidden=true],[role=img],[role=presentation]";
// Whether an element is a drawing whose parts say something: no icon, none that has a name, no picture made of curves.
const isDrawing = (svg) => {
  if (svg.tagName !== "svg" || svg.ownerSVGElement || svg.matches(NAMED) || svg.closest("[aria-hidden=true]")) return false;
  const box = boxOf(svg);
  if (box.width < DRAWING || box.height < DRAWING || svg.querySelector(":scope > title")) return false;
  const parts = svg.querySelectorAll(SHAPES);
  return parts.length > 0 && (Array.from(parts).some((one) => one.tagName !== "path") || Array.from(parts).some((one) => listening.has(one)));
};
const drawingIn = (element) => {
  if (element.tagName === "svg") return isDrawing(element) ? element : null;
  if (element.firstElementChild === null) return null;
  return Array.from(element.querySelectorAll("svg")).find(isDrawing) || null;
};
const cornersOf = (shape) => new Set(Array.from(shape.points, ({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`)).size;
const POLYGONS = new Map([[3, "triangle"], [4, "quadrilateral"], [5, "pentagon"], [6, "hexagon"], [7, "heptagon"], [8, "octagon"]]);
const kindOfShape = (shape) => {
  switch (shape.tagName) {
    case "rect": return "rectangle";
    case "polygon": return POLYGONS.get(cornersOf(shape)) || "polygon";
    case "polyline": case "path": return "curve";
    default: return shape.tagName;
  }
};
// A shape in words, such as `red circle` or `black outlined rectangle`; "" for one that is not seen.
const shapeWords = (shape) => {
  const style = getComputedStyle(shape);
  if (style.visibility !== "visible" || style.display === "none" || Number(style.opacity) < 0.1) return "";
  const bare = shape.tagName === "line";
  const fill = bare || Number(style.fillOpacity) < 0.1 ? "" : colourWord(style.fill) || (/^url/.test(style.fill) ? "patterned" : "");
  const edge = style.stroke === "none" || parseFloat(style.strokeWidth) === 0 || Number(style.strokeOpacity) < 0.1 ? "" : colourWord(style.stroke);
  const kind = kindOfShape(shape);
  if (!fill && !edge) return "";
  if (bare || kind === "curve" && edge && !fill) return `${edge} ${kind}`;
  return edge && (!fill || fill === "white") ? `${edge} outlined ${kind}` : `${fill} ${kind}`;
};
const tenths = (number) => Math.round(number * 10) / 10;
const onScreen = (shape, x, y) => {
  const { x: left, y: top } = new DOMPoint(x, y).matrixTransform(shape.getScreenCTM());
  return [tenths(left), tenths(top)];
};
// Where a line goes: its ends in the view; 0 of anything else.
const endsOf = (shape) => shape.tagName !== "line" ? 0
  : [...onScreen(shape, shape.x1.baseVal.value, shape.y1.baseVal.value), ...onScreen(shape, shape.x2.baseVal.value, shape.y2.baseVal.value)];

// What stands for a missing name: the looks of a shape or of a sign in a drawing, the colour of a box.
const looksOf = (element, name) => {
  if (element.ownerSVGElement) return SHAPE_TAGS.has(element.tagName) && (element.tagName !== "text" || name.length <= SIGN) ? shapeWords(element) : "";
  if (element.tagName === "svg") return isDrawing(element) ? "drawing" : "";
  if (name || element.firstElementChild !== null || PLAIN.test(element.tagName)) return "";
  const style = getComputedStyle(element);
  return shownFile(style) || boxColour(style);
};
// The name of the file that a style sheet shows in place of an element; it may be another under the pointer.
const shownFile = (style) => /^url\("[^"]*?([\w-]+)\.\w+"\)/.exec(style.content)?.[1] || "";
const PLAIN = /^(INPUT|SELECT|TEXTAREA|CANVAS|VIDEO|AUDIO|IMG)$/;
// The colour of a box that has an outline, or is no shade of grey.
const boxColour = (style) => {
  const word = style.backgroundImage === "none" ? colourWord(style.backgroundColor) : "";
  return isGrey(word) && parseFloat(style.borderTopWidth) < 1 ? "" : word;
};
const SWATCH = 120;                    // pixels of a side up to which a box without content shows a colour
// The colour that an empty box shows, exactly where no word says it.
const swatchOf = (element, style) => {
  const word = boxColour(style);
  if (!word) return "";
  const { width, height } = boxOf(element);
  if (width < 8 || height < 8 || width > SWATCH || height > SWATCH || Math.max(width, height) > 3 * Math.min(width, height)) return "";
  const parts = partsOf(style.backgroundColor).slice(0, 3);
  const named = COLOURS.some(([, ...its]) => its.every((part, i) => part === parts[i]));
  return named ? word : `${word} #${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
};
