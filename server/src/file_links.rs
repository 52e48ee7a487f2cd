//! The addresses of files for clients that show them as text.

use axum::http::{HeaderMap, HeaderName, header};
use hubbub_protocol::{Attachment, FileId, FileName};
use hubbub_wires::FileUrls;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Header in which a proxy tells the scheme of the client's request.
pub(crate) const FORWARDED_SCHEME: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// Bytes of a file name that are escaped in a URL: all but the unreserved characters (RFC 3986, section 2.3).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The scheme and host under which a client reaches the server.
#[derive(Debug)]
pub(crate) struct FileLinks {
    base: Box<str>,
}

impl FileLinks {
    /// Returns the links for the client that sent a request with these headers. They name the host of the request, so a
    /// client that sends a wrong host gets links that only itself cannot use.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let scheme = match text(FORWARDED_SCHEME) {
            Some(scheme) if scheme.trim().eq_ignore_ascii_case("https") => "https",
            _ => "http",
        };
        let host = text(header::HOST).unwrap_or("localhost");
        Self { base: format!("{scheme}://{host}").into() }
    }

    /// Returns the URL of a path of the server.
    pub(crate) fn url_of(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Returns the links of a server at this address, such as `https://chat.example`.
    pub(crate) fn at(server: &str) -> Self {
        Self { base: server.trim_end_matches('/').into() }
    }
}

impl FileUrls for FileLinks {
    fn url(&self, file: &Attachment) -> String {
        self.url_of(&file_path(file.id, &file.name))
    }
}

/// Returns the path of a file.
pub(crate) fn file_path(file: FileId, name: &FileName) -> String {
    format!("/files/{file}/{}", utf8_percent_encode(name.as_str(), ESCAPED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_host_of_the_request() {
        let file = Attachment {
            id: FileId(3),
            name: FileName::parse("a b/кот?.png").unwrap(),
            size: 1,
            content_type: String::new(),
            width: None,
            height: None,
            preview: None,
        };
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "chat.example:3000".parse().unwrap());
        let path = "/files/3/%D0%BA%D0%BE%D1%82%3F.png";
        assert_eq!(FileLinks::of(&headers).url(&file), format!("http://chat.example:3000{path}"));
        headers.insert(FORWARDED_SCHEME, "https".parse().unwrap());
        assert_eq!(FileLinks::of(&headers).url(&file), format!("https://chat.example:3000{path}"));
    }
}
