//! The content of files in IndexedDB, by the id of the upload. It survives a reload and a closed tab.

use hubbub_protocol::ClientId;
use idb::{Database, DatabaseEvent, Error, Factory, ObjectStoreParams, Query, TransactionMode};
use js_sys::{Array, Date};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

use super::ContentError;

/// A database of its own, so that another version of the program can change it alone.
const DATABASE: &str = "hubbub.files";
const VERSION: u32 = 1;
/// The object store. Keys are ids of uploads; values are arrays of the file and the time of storing in milliseconds.
const STORE: &str = "files";
/// Maximum bytes of all files that wait in this browser.
pub(crate) const MAX_STORED_BYTES: f64 = 200.0 * 1024.0 * 1024.0;
/// Milliseconds after which content is deleted. A tab that was closed while a message was being written leaves some.
const MAX_AGE_MILLIS: f64 = 30.0 * 24.0 * 3_600.0 * 1_000.0;

/// Stores the content of a file.
pub(super) async fn put(upload_id: ClientId, file: &File) -> Result<(), ContentError> {
    match try_put(upload_id, file).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(ContentError::Full),
        // The disk may be full, or the browser stores nothing.
        Err(_) => Err(ContentError::Unavailable),
    }
}

/// Returns the content of a file, if it is stored. An error may pass.
pub(super) async fn get(upload_id: ClientId) -> Result<Option<File>, Error> {
    let database = open().await?;
    let value = read(&database, upload_id).await;
    database.close();
    Ok(value?.as_ref().and_then(file_of))
}

/// Removes the content of a file.
pub(super) async fn remove(upload_id: ClientId) -> Result<(), Error> {
    let database = open().await?;
    let removed = async {
        let transaction = database.transaction(&[STORE], TransactionMode::ReadWrite)?;
        transaction.object_store(STORE)?.delete(Query::from(key(upload_id)))?;
        transaction.await?;
        Ok(())
    };
    let removed = removed.await;
    database.close();
    removed
}

/// Opens the database for one transaction, so that an open tab never blocks another version of the program.
async fn open() -> Result<Database, Error> {
    let mut opening = Factory::new()?.open(DATABASE, Some(VERSION))?;
    opening.on_upgrade_needed(|event| {
        if let Ok(database) = event.database() {
            // If creating the store fails, the transaction reports that the store is missing.
            _ = database.create_object_store(STORE, ObjectStoreParams::new());
        }
    });
    opening.await
}

/// Returns `false` if there is no space.
async fn try_put(upload_id: ClientId, file: &File) -> Result<bool, Error> {
    let database = open().await?;
    let stored = put_in(&database, upload_id, file).await;
    database.close();
    stored
}

async fn put_in(database: &Database, upload_id: ClientId, file: &File) -> Result<bool, Error> {
    let transaction = database.transaction(&[STORE], TransactionMode::ReadWrite)?;
    let store = transaction.object_store(STORE)?;
    let keys = store.get_all_keys(None, None)?.await?;
    let values = store.get_all(None, None)?.await?;
    let mut bytes = file.size();
    for (key, value) in keys.into_iter().zip(&values) {
        let stored_at = value.dyn_ref::<Array>().and_then(|pair| pair.get(1).as_f64()).unwrap_or_default();
        if Date::now() - stored_at > MAX_AGE_MILLIS {
            store.delete(Query::from(key))?;
        } else {
            bytes += file_of(value).map_or(0.0, |file| file.size());
        }
    }
    let fits = bytes <= MAX_STORED_BYTES;
    if fits {
        let value = Array::of2(file, &JsValue::from(Date::now()));
        store.put(&value, Some(&key(upload_id)))?;
    }
    if transaction.await?.is_committed() {
        Ok(fits)
    } else {
        Err(Error::TransactionAbortError(JsValue::NULL))
    }
}

async fn read(database: &Database, upload_id: ClientId) -> Result<Option<JsValue>, Error> {
    let transaction = database.transaction(&[STORE], TransactionMode::ReadOnly)?;
    transaction.object_store(STORE)?.get(Query::from(key(upload_id)))?.await
}

fn file_of(value: &JsValue) -> Option<File> {
    value.dyn_ref::<Array>()?.get(0).dyn_into().ok()
}

fn key(upload_id: ClientId) -> JsValue {
    JsValue::from(upload_id.to_string())
}
