//! Unsent messages and changes in IndexedDB, which has more space than the journal in `localStorage`
//! (`unsent.rs`). The journal is its write-ahead log: an entry leaves the journal only after the transaction
//! that applied it is complete.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use hubbub_protocol::UserId;
use idb::{
    Database, DatabaseEvent, Error, Factory, KeyRange, ObjectStore, ObjectStoreParams, Query, TransactionMode,
};
use wasm_bindgen::JsValue;

use super::unsent::{self, JournalEntry};
use crate::lazy_part::lazy_part;

const DATABASE: &str = "hubbub";
const VERSION: u32 = 1;
/// The object store. Its keys and values are those of the journal.
const STORE: &str = "unsent";

/// Entries that do not fit into the journal. They are lost when the tab is closed before they are in IndexedDB.
pub(crate) type Overflow = Rc<RefCell<Vec<JournalEntry>>>;
/// A transaction in progress. Returns `None` if it failed.
pub(crate) type Running = Pin<Box<dyn Future<Output = Option<Vec<String>>>>>;

lazy_part! {
    file storage, preload preload;
    /// Applies the journal of this user and the entries of `overflow`, which did not fit into the journal, and removes
    /// them there. If `read` is set, takes over the entries of closed tabs and returns all stored values of the user.
    pub(crate) fn apply(user: UserId, overflow: Overflow, read: bool) -> Running {
        Box::pin(async move { open_and_apply(user, &overflow, read).await.ok() })
    }
}

/// Opens the database for one transaction, so that an open tab never blocks another version of the program.
async fn open_and_apply(user: UserId, overflow: &Overflow, read: bool) -> Result<Vec<String>, Error> {
    let mut opening = Factory::new()?.open(DATABASE, Some(VERSION))?;
    opening.on_upgrade_needed(|event| {
        if let Ok(database) = event.database() {
            // If creating the store fails, the transaction reports that the store is missing.
            _ = database.create_object_store(STORE, ObjectStoreParams::new());
        }
    });
    let database = opening.await?;
    let values = apply_in(&database, user, overflow, read).await;
    database.close();
    values
}

async fn apply_in(
    database: &Database,
    user: UserId,
    overflow: &Overflow,
    read: bool,
) -> Result<Vec<String>, Error> {
    let transaction = database.transaction(&[STORE], TransactionMode::ReadWrite)?;
    let store = transaction.object_store(STORE)?;
    let (first, end) = unsent::range(user);
    let of_user = KeyRange::bound(&first.into(), &end.into(), None, Some(true))?;
    // From the first answer until its end, the transaction excludes those of other tabs, so that only one of them
    // takes over an entry. The journal and the overflow are read within this time and at one moment, so that no entry
    // is stored that was deleted meanwhile.
    store.count(Some(Query::from(of_user.clone())))?.await?;
    let (journal, overflowing) = (unsent::take_journal(user), overflow.borrow().clone());
    for JournalEntry { key, value } in journal.iter().chain(&overflowing) {
        let key = JsValue::from(key);
        if value.is_empty() {
            store.delete(Query::from(key))?;
        } else {
            unsent::mark_stored(user, true);
            store.put(&value.into(), Some(&key))?;
        }
    }
    let count = store.count(Some(Query::from(of_user.clone())))?.await?;
    unsent::mark_stored(user, count > 0);
    let values = if read { take_over_all(&store, of_user).await? } else { Vec::new() };
    if !transaction.await?.is_committed() {
        return Err(Error::TransactionCommitError(JsValue::UNDEFINED));
    }
    journal.iter().for_each(JournalEntry::remove);
    overflow.borrow_mut().retain(|entry| !overflowing.contains(entry));
    Ok(values)
}

/// Takes over the entries of closed tabs, and returns all values of the range.
async fn take_over_all(store: &ObjectStore, range: KeyRange) -> Result<Vec<String>, Error> {
    let keys = store.get_all_keys(Some(Query::from(range.clone())), None)?.await?;
    let stored = store.get_all(Some(Query::from(range)), None)?.await?;
    let mut values = Vec::new();
    for (key, value) in keys.iter().zip(&stored) {
        let Some(before) = value.as_string() else { continue };
        let value = unsent::take_over(&before).filter(|value| *value != before);
        if let Some(value) = &value {
            store.put(&value.into(), Some(key))?;
        }
        values.push(value.unwrap_or(before));
    }
    Ok(values)
}
