// What is called from outside.
const documentKey = () => key;
// Functions that name nodes are called through this: numbers of another document mean nothing here.
const on = (document, name, ...given) => document === key ? functions[name](...given) : null;
const functions = { collect, listen, documentKey, aim, identity, focus, selectAll, setValue, choose, originOf, scrollBy, textOf, find, arm, settle, disarm,
  idOf, hitFrame, frameBox, middle, hasText, nodeOf, on };
return functions;
