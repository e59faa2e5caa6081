const require = process.getBuiltinModule;

// src/text/file-kind.ts
var KINDS = [
  [/^\s*$/, "empty"],
  [/^\ufeff|\0/, "text in UTF-16 or with a byte order mark, as PowerShell writes it"],
  [/-----BEGIN [A-Z0-9 ]*PRIVATE KEY/, "a private key"],
  [/-----BEGIN [A-Z0-9 ]*CERTIFICATE/, "a certificate"],
  [/-----BEGIN PGP /, "a PGP key or signature"],
  [/-----BEGIN [A-Z0-9 ]*PUBLIC KEY/, "a public key"],
  [/^\s*(ssh-|ecdsa-sha2-|sk-ssh-)\S+ \S/, "an SSH key"],
  [/^\s*<(!doctype|html|\?xml)/i, "a web page"],
  [/^\s*[{[]/, "JSON, or the beginning of it"],
  [/^\s*(#.*\n\s*|---\s*\n\s*)*["'\w./-]+:(\s|$)/, "YAML"],
  [/\ufffd/, "a binary file"]
];
function kindOfText(text) {
  return KINDS.find(([pattern]) => pattern.test(text))?.[1] ?? "text of another kind";
}
function whyUnreadable(code) {
  if (code === "ENOENT") return "it does not exist";
  return code === "EISDIR" ? "it is a directory" : `it cannot be read (${code ?? "unknown error"})`;
}

export {
  kindOfText,
  whyUnreadable
};
