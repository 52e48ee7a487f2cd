//! The header `Upload-Metadata` of tus.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hubbub_protocol::{ClientId, FileName, RoomId};

use crate::web::http::problem::Problem;

/// The entries of `Upload-Metadata` that the server uses. Others are ignored, such as `filetype`: the type of a file is
/// found from its content.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UploadMetadata {
    pub(super) room: RoomId,
    pub(super) name: FileName,
    /// The client's id of the upload.
    pub(super) upload_id: Option<ClientId>,
}

impl UploadMetadata {
    /// Parses the header: entries separated by commas, each a name and, after a space, its value in Base64.
    ///
    /// # Errors
    /// If the header is not valid, or an entry that this server needs is missing or not valid.
    pub(super) fn parse(header: &str) -> Result<Self, Problem> {
        let invalid = |rule: &str| Problem::bad_header("Upload-Metadata", rule);
        let mut entries: Vec<(&str, String)> = Vec::new();
        for entry in header.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            let (name, value) = entry.split_once(' ').unwrap_or((entry, ""));
            let value = STANDARD.decode(value.trim()).map_err(|_| invalid("each value must be Base64"))?;
            let value = String::from_utf8(value).map_err(|_| invalid("each value must be UTF-8"))?;
            if entries.iter().any(|(known, _)| *known == name) {
                return Err(invalid("each name must occur only once"));
            }
            entries.push((name, value));
        }
        let value =
            |name: &str| entries.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
        let room = value("room").ok_or_else(|| invalid("room is missing, the id of a room"))?;
        let upload_id = value("upload_id").map(str::parse).transpose();
        Ok(Self {
            room: RoomId(room.parse().map_err(|_| invalid("room must be an integer"))?),
            name: FileName::parse(value("filename").or(value("name")).unwrap_or_default())?,
            upload_id: upload_id.map_err(|_| invalid("upload_id must be a UUID"))?,
        })
    }

    /// Encodes the entries that the server keeps.
    pub(super) fn encode(room: RoomId, name: &FileName) -> String {
        format!("filename {},room {}", STANDARD.encode(name.as_str()), STANDARD.encode(room.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_what_it_encodes_and_ignores_other_entries() {
        let name = FileName::parse("Übersicht 1.png").unwrap();
        let header = UploadMetadata::encode(RoomId(7), &name);
        let parsed = UploadMetadata::parse(&format!("{header}, filetype aW1hZ2UvcG5n ,is_draft")).unwrap();
        assert_eq!(parsed, UploadMetadata { room: RoomId(7), name, upload_id: None });
    }

    #[test]
    fn rejects_invalid_headers() {
        for header in [
            "",
            "filename YQ==",
            "room",
            "room Nw",
            "room seven",
            "room Nw==,room OA==",
            "room c2V2ZW4=",
            "room Nw==,filename /w==",
            "room Nw==,upload_id eA==",
        ] {
            assert!(UploadMetadata::parse(header).is_err(), "{header}");
        }
    }
}
