// The page of a job: pictures dropped on it become parts.

import { Uploads, onFiles } from "./uploads.js";

const form = document.getElementById("upload");

if (form) {
  const find = (id) => document.getElementById(id);
  const fields = () => ({
    lot: find("upload-lot").value.trim(),
    station: find("upload-station").value.trim(),
    serial_from_name: find("upload-serials").checked ? "1" : "",
  });
  const uploads = new Uploads({
    list: find("upload-files"),
    sum: find("upload-sum"),
    target: () => ({ url: form.dataset.url, fields: fields() }),
  });
  onFiles({
    drop: find("drop"),
    input: find("files"),
    take: (files) => {
      uploads.add(files);
      uploads.start();
    },
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("beforeunload", (event) => {
    if (uploads.left) event.preventDefault();
  });
}
