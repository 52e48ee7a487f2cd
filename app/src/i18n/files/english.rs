//! The English texts of attachments.

use hubbub_protocol::{SIZE_UNITS, format_size};

use super::FileStrings;

pub(in crate::i18n) static STRINGS: FileStrings = FileStrings {
    attachments: "Attachments",
    size: |bytes| format_size(bytes, '.', SIZE_UNITS),
    attach: "Attach files",
    attached: |count| match count {
        0 => "No files attached".to_owned(),
        1 => "1 file attached".to_owned(),
        _ => format!("{count} files attached"),
    },
    drop_here: "Drop the files here to attach them",
    remove: |name| format!("Remove {name}"),
    waiting: "waiting to upload",
    adding: "The files are still being added. Send the message when they are here.",
    progress: |sent, size| format!("{sent} of {size}"),
    too_many: |limit| format!("A message can have at most {limit} files."),
    too_large: |name, limit| format!("{name} is too large: a file can have at most {limit}."),
    storage_full_here: "The files that wait in this browser would exceed 200 MB. Wait until the others are sent.",
    not_stored: "This browser cannot store the file, so it is not attached.",
    not_loaded: "Attaching files needs a connection the first time. Try again when you are online.",
    too_large_here: |limit| format!("The file is too large: at most {limit}."),
    storage_full: "The server has no more space for your files.",
    content_missing: "The browser no longer has the file. Remove it and choose it again.",
    lost: "The server no longer has the files. “Retry” uploads them again.",
    refused: "The server refused the file.",
};
