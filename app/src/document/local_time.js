{
  const locale = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  for (const time of document.querySelectorAll("time[datetime*=T]")) {
    const at = new Date(time.dateTime);
    const show = (options) => at.toLocaleString(locale, options);
    if (time.title) {
      time.title = show({ dateStyle: "full", timeStyle: "medium" });
      time.textContent = at.toLocaleTimeString("en-GB", { timeStyle: "short" });
    } else {
      time.textContent = show({ dateStyle: "medium", timeStyle: "short" });
    }
  }
  const day = (at) => Date.UTC(at.getFullYear(), at.getMonth(), at.getDate());
  for (const label of document.querySelectorAll(".day-separator time")) {
    const first = label.closest(".timeline-item")?.querySelector("time[datetime*=T]");
    const days = ((first ? day(new Date(first.dateTime)) : Date.parse(label.dateTime)) - day(new Date())) / 86400000;
    if (days === 0 || days === -1) {
      const name = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
      label.textContent = name[0].toUpperCase() + name.slice(1);
    }
  }
  const offset = -new Date().getTimezoneOffset();
  if (!document.cookie.split("; ").includes(`hubbub_utc_offset=${offset}`)) {
    document.cookie = `hubbub_utc_offset=${offset};path=/;max-age=31536000;samesite=lax`;
  }
}
