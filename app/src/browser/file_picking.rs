//! Adds files to the composer: checks their limits and stores their contents.

use hubbub_client::{LocalFile, UploadState};
use hubbub_protocol::{FileName, MAX_FILES_PER_MESSAGE};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

use super::picked_files::PickedFiles;
use super::uploads::{self, ContentError};
use super::{field, random};
use crate::i18n::Strings;
use crate::lazy_part::lazy_part;
use crate::state::composer_state::FileTarget;

/// Largest file in bytes, as the server allows by default.
const MAX_FILE_BYTES: u64 = 25 * 1024 * 1024;

lazy_part! {
    file uploads, preload _preload;
    fn add(target: FileTarget, picked: PickedFiles) -> () {
        spawn_local(add_all(target, picked));
    }
}

/// Adds files to the composer.
pub(crate) fn attach(target: FileTarget, picked: PickedFiles) {
    if !picked.0.is_empty() {
        let unavailable = target.strings.files.not_loaded;
        spawn_local(async move {
            if add(target, picked).await.is_err() {
                target.composer.problem.set(Some(unavailable.to_owned()));
            }
        });
    }
}

async fn add_all(target: FileTarget, picked: PickedFiles) {
    let FileTarget { composer, field, strings } = target;
    composer.problem.set(None);
    field::focus(field);
    for file in picked.0 {
        // The signals are gone if the user has left the room meanwhile.
        let Some(count) = composer.files.try_with_untracked(Vec::len) else { return };
        let stored = if count >= MAX_FILES_PER_MESSAGE {
            Err((strings.files.too_many)(MAX_FILES_PER_MESSAGE))
        } else {
            add_one(&file, strings).await
        };
        match stored {
            Ok(local) => {
                let upload_id = local.upload_id;
                if composer.files.try_update(|files| files.push(local)).is_none() {
                    return uploads::discard(upload_id);
                }
            }
            Err(problem) => _ = composer.problem.try_set(Some(problem)),
        }
    }
}

/// Stores a file. Returns the reason if it is refused.
async fn add_one(file: &File, strings: &Strings) -> Result<LocalFile, String> {
    let name = FileName::parse(&file.name()).map_err(|refusal| strings.refusal(&refusal))?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the size of a file is a whole number"
    )]
    let size = file.size() as u64;
    if size > MAX_FILE_BYTES {
        return Err((strings.files.too_large)(&name.to_string(), &(strings.files.size)(MAX_FILE_BYTES)));
    }
    let upload_id = random::client_id();
    uploads::store(upload_id, file).await.map_err(|error| {
        match error {
            ContentError::Full => strings.files.storage_full_here,
            ContentError::Unavailable => strings.files.not_stored,
        }
        .to_owned()
    })?;
    Ok(LocalFile {
        upload_id,
        name,
        size,
        content_type: file.type_(),
        state: UploadState::Waiting,
        sent: None,
    })
}
