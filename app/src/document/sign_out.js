const COOKIE = "hubbub_signed_out";
const user = Number(document.cookie.match(`(?:^|; *)${COOKIE}=(\\d+)`)?.[1]);

/** Returns all keys with this prefix. */
const keys = (prefix) => Object.keys(localStorage).filter((key) => key.startsWith(prefix));

/** Whether the local copy with this key belongs to the user. */
function isOwn(copy) {
  try {
    return JSON.parse(localStorage.getItem(copy))?.me?.id === user;
  } catch {
    return false;
  }
}

function forget() {
  const unsent = [...keys(`hubbub.unsent.${user}.`), ...keys(`hubbub.draft.${user}.`)];
  if (unsent.length > 0) {
    const { discardOne, discardMany } = document.querySelector("script[data-discard-one]").dataset;
    const question = unsent.length === 1 ? discardOne : discardMany.replace("{count}", unsent.length);
    // Remaining data is kept until the user signs in here again.
    if (!confirm(question)) return;
  }
  sessionStorage.clear();
  const copies = [`hubbub.copy.me`, `hubbub.copy.${user}`].filter(isOwn);
  const rooms = copies.flatMap((copy) => keys(`${copy}.`));
  for (const key of [...unsent, ...rooms, ...copies]) localStorage.removeItem(key);
}

if (user) {
  document.cookie = `${COOKIE}=; Path=/; Max-Age=0; SameSite=Lax`;
  try {
    forget();
  } catch {
    // The browser has no storage for this site, so nothing is stored.
  }
}
