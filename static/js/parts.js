// The filter of the list of parts.

const form = document.getElementById("filter");

// What is left empty stays out of the address, so that the address can be read and sent on.
form.addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) {
    if (value === "") formData.delete(name);
  }
});
