import { EditorView, basicSetup } from "codemirror"; import { javascript } from "@codemirror/lang-javascript";
new EditorView({ doc: 'console.log("hello")\nif (a) {\n  b()\n}\n', extensions: [basicSetup, javascript()], parent: document.getElementById("e") });
