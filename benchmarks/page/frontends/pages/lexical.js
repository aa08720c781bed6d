import { createEditor, $getRoot, $createParagraphNode, $createTextNode } from "lexical";
import { registerRichText } from "@lexical/rich-text"; import { registerHistory, createEmptyHistoryState } from "@lexical/history";
const editor = createEditor({ namespace: "x", onError: console.error });
editor.setRootElement(document.getElementById("editor")); registerRichText(editor); registerHistory(editor, createEmptyHistoryState(), 300);
editor.update(() => { for (const t of ["Hello world", "second line"]) { const p = $createParagraphNode(); p.append($createTextNode(t)); $getRoot().append(p); } });
