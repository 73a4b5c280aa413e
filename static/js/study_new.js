// A new study: only what belongs to the chosen way of choosing is shown. Without this script everything is.

const form = document.getElementById("new-study");

function follow() {
  form.dataset.how = form.elements.how.value;
}

for (const way of form.querySelectorAll("[name=how]")) way.addEventListener("change", follow);
follow();
