const COOKIE = "hubbub_signed_out";
const user = Number(document.cookie.match(`(?:^|; *)${COOKIE}=(\\d+)`)?.[1]);
const journal = `hubbub.unsent.${user}.`;
const marker = `hubbub.stored.${user}`;

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

/** Maximum time for which the page waits for IndexedDB, in milliseconds. */
const MAX_WAIT = 3000;

/** Executes a request on the user's unsent entries in IndexedDB, and returns its result when it is complete. */
function inDatabase(request) {
  return new Promise((done, failed) => {
    // Without a marker it is unknown whether there are entries.
    if (localStorage.getItem(marker) === "0") return done();
    setTimeout(failed, MAX_WAIT);
    // Whatever version exists.
    const opening = indexedDB.open("hubbub");
    // There is no database, and none is created.
    opening.onupgradeneeded = () => {
      opening.transaction.abort();
      done();
    };
    opening.onerror = failed;
    opening.onsuccess = () => {
      try {
        const transaction = opening.result.transaction("unsent", "readwrite");
        const range = IDBKeyRange.bound(journal, `hubbub.unsent.${user}/`, false, true);
        const sent = request(transaction.objectStore("unsent"), range);
        transaction.oncomplete = () => done(sent.result);
        transaction.onabort = failed;
      } catch (error) {
        failed(error);
      }
      // The connection ends with the transaction.
      opening.result.close();
    };
  });
}

async function forget() {
  const stored = (await inDatabase((entries, range) => entries.getAllKeys(range)).catch(() => [])) ?? [];
  const waiting = new Set([...keys(journal), ...stored]);
  // An empty entry of the journal deletes the entry with its key.
  const unsent = [...waiting].filter((key) => localStorage.getItem(key) !== "");
  const drafts = keys(`hubbub.draft.${user}.`);
  const count = unsent.length + drafts.length;
  if (count > 0) {
    const { discardOne, discardMany } = document.querySelector("script[data-discard-one]").dataset;
    const question = count === 1 ? discardOne : discardMany.replace("{count}", count);
    // Remaining data is kept until the user signs in here again.
    if (!confirm(question)) return;
  }
  sessionStorage.clear();
  const copies = [`hubbub.copy.me`, `hubbub.copy.${user}`].filter(isOwn);
  const rooms = copies.flatMap((copy) => keys(`${copy}.`));
  for (const key of [...drafts, ...rooms, ...copies]) localStorage.removeItem(key);
  await inDatabase((entries, range) => entries.delete(range));
  // Deletions that wait in the journal are needed until the entries in IndexedDB are gone.
  for (const key of [...keys(journal), marker]) localStorage.removeItem(key);
}

if (user) {
  forget()
    // The browser has no storage for this site, or the entries cannot be reached and are kept.
    .catch(() => {})
    // The cookie is deleted last, so that the next page continues if this page is left too early.
    .finally(() => (document.cookie = `${COOKIE}=; Path=/; Max-Age=0; SameSite=Lax`));
}
