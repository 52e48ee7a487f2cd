//! Adds files to the composer: checks their limits and stores their contents.

use std::pin::Pin;

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

/// The end of adding files.
type Adding = Pin<Box<dyn Future<Output = ()>>>;

lazy_part! {
    file uploads, preload _preload;
    fn add(target: FileTarget, picked: PickedFiles) -> Adding {
        Box::pin(add_all(target, picked))
    }
}

/// Adds files to the composer. Until they are added, the composer sends nothing.
pub(crate) fn attach(target: FileTarget, picked: PickedFiles) {
    if picked.0.is_empty() {
        return;
    }
    let (composer, unavailable) = (target.composer, target.strings.files.not_loaded);
    composer.adding.update(|count| *count += 1);
    spawn_local(async move {
        let added = match add(target, picked).await {
            Ok(adding) => {
                adding.await;
                None
            }
            Err(_) => Some(unavailable.to_owned()),
        };
        // The signals are gone if the user has left the room meanwhile.
        _ = composer.adding.try_update(|count| *count = count.saturating_sub(1));
        if added.is_some() {
            _ = composer.problem.try_set(added);
        }
    });
}

async fn add_all(target: FileTarget, picked: PickedFiles) {
    let FileTarget { composer, field, strings } = target;
    _ = composer.problem.try_set(None);
    field::focus(field);
    for file in picked.0 {
        // The signals are gone if the user has left the room meanwhile.
        let Some(count) = composer.files.try_with_untracked(Vec::len) else { return };
        let too_many = || (strings.files.too_many)(MAX_FILES_PER_MESSAGE);
        let stored =
            if count >= MAX_FILES_PER_MESSAGE { Err(too_many()) } else { add_one(&file, strings).await };
        let added = stored.and_then(|local| {
            let upload_id = local.upload_id;
            // Other files may have been added while this one was stored.
            let added = composer.files.try_update(|files| {
                let has_place = files.len() < MAX_FILES_PER_MESSAGE;
                if has_place {
                    files.push(local);
                }
                has_place
            });
            if added != Some(true) {
                uploads::discard(upload_id);
            }
            if added == Some(false) { Err(too_many()) } else { Ok(()) }
        });
        if let Err(problem) = added {
            _ = composer.problem.try_set(Some(problem));
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
