// What is called from outside.
// Functions that name nodes are called through this: numbers of another document mean nothing here.
const on = (document, name, ...given) => document === key ? functions[name](...given) : null;
const functions = { collect, listen, listenAll, adopt, nodesOf, grew, aim, identity, focus, selectAll, accepts, slides, slider, focusPart, setValue, originOf, scrollBy, textOf, find, arm, settle,
  idOf, hitFrame, frameBox, hasText, nodeOf, on,
  focusField, fileField, sourceOf, keep, markdown, listBefore, option, scrollOptions, shows, selectShown, outcome, choosing, chosen, setChosen, isOpen, line, pointed, hearsHover, pressed, selection, selected, landing, drawn,
  concealed, frameView, unwritten };
return functions;
