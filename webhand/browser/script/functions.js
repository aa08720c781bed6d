// What is called from outside.
// Functions that name nodes are called through this: numbers of another document mean nothing here.
const on = (document, name, ...given) => document === key ? functions[name](...given) : null;
const functions = {
  on, idOf, nodeOf, nodesOf, hosts, adopt, revision, path, focusedFrame,                  // nodes
  listen, listenAll, collect,                                                             // reading
  aim, identity, pressed, hitFrame, coversOver, frameBox, pointed, hearsHover, landing, frameView,        // pointing
  focus, focusField, fileField, focusPart, selectAll, accepts, slides, slider, setValue, outcome, sitesOf,
  listBefore, line, isOpen, shows, choosing, chosen, setChosen, option, unfolded, scrollOptions, selectShown,
  selection, selected, scrollBy, scrollPage, standing,
  textOf, find, hasText, markdown, sourceOf, keep,                                        // text
  confide, confidedAll,                                                                    // secrets
  arm, settle, stirs, drawn, concealed, unwritten,
};
return functions;
