// Says where this browser's clock stands, so that the server names the clock of a moment only where it is another one.

const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
const safe = location.protocol === "https:" ? "; secure" : "";

// With every page and not once: whoever travels with the tablet would go by the clock of the place left behind.
if (timeZone) document.cookie = `zone=${encodeURIComponent(timeZone)}; path=/; max-age=31536000; samesite=lax${safe}`;
