//! The value of `--files`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where the files of messages are stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StorageLocation {
    /// The folder `files` inside the data folder.
    #[default]
    DataFolder,
    /// Another local folder.
    Folder(PathBuf),
    /// A bucket of S3.
    S3 {
        /// Name of the bucket.
        bucket: String,
        /// First part of the names of objects; may be empty.
        prefix: String,
    },
}

impl FromStr for StorageLocation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rule = || "write a folder, or s3://BUCKET or s3://BUCKET/PREFIX".to_owned();
        match text.split_once("://") {
            None if text.is_empty() => Ok(Self::DataFolder),
            None => Ok(Self::Folder(PathBuf::from(text))),
            Some(("s3", name)) => {
                let (bucket, prefix) = name.split_once('/').unwrap_or((name, ""));
                if bucket.is_empty() {
                    return Err(rule());
                }
                let prefix = prefix.trim_matches('/').to_owned();
                Ok(Self::S3 { bucket: bucket.to_owned(), prefix })
            }
            Some(_) => Err(rule()),
        }
    }
}

impl fmt::Display for StorageLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DataFolder => Ok(()),
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::S3 { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_folders_and_buckets() {
        let s3 = |bucket: &str, prefix: &str| StorageLocation::S3 {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        };
        let cases = [
            ("", StorageLocation::DataFolder),
            ("/srv/files", StorageLocation::Folder("/srv/files".into())),
            ("s3://chat", s3("chat", "")),
            ("s3://chat/", s3("chat", "")),
            ("s3://chat/a/b/", s3("chat", "a/b")),
        ];
        for (text, location) in cases {
            assert_eq!(text.parse(), Ok(location), "{text}");
        }
        for text in ["s3://", "s3:///prefix", "https://chat.example/files", "gs://bucket"] {
            assert!(text.parse::<StorageLocation>().is_err(), "{text}");
        }
    }
}
