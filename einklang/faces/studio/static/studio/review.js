/* Words that are marked in a passage become the words that the comment is about. */
document.addEventListener("selectionchange", () => {
  const selection = getSelection();
  const words = selection?.toString().trim() ?? "";
  const passage = selection?.anchorNode?.parentElement?.closest("[data-passage]");
  if (!words || !passage || !passage.contains(selection.focusNode)) return;
  const remark = passage.parentElement.querySelector(".remark");
  remark.querySelector("[data-quote]").value = words.slice(0, 400);
  remark.open = true;
});
