//! An HTML writer that escapes all text, so that a message or a file name cannot add markup.

use html_escape::{encode_double_quoted_attribute_to_string, encode_text_to_string};

/// Attributes of an element. Names are constants of the program, values may come from users.
pub(super) type Attributes<'a> = &'a [(&'static str, &'a str)];

/// HTML with elements in document order. Text and attribute values are escaped; tags and attribute names are
/// constants.
#[derive(Default)]
pub(super) struct HtmlWriter {
    html: String,
    /// Open elements, the outermost first.
    open: Vec<&'static str>,
}

impl HtmlWriter {
    pub(super) fn open(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.html.push('<');
        self.html.push_str(tag);
        for (name, value) in attributes {
            self.html.push(' ');
            self.html.push_str(name);
            self.html.push_str("=\"");
            encode_double_quoted_attribute_to_string(value, &mut self.html);
            self.html.push('"');
        }
        self.html.push('>');
        self.open.push(tag);
    }

    /// Writes an element that has no content and no end tag.
    pub(super) fn void(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.open(tag, attributes);
        self.open.pop();
    }

    pub(super) fn text(&mut self, text: &str) {
        encode_text_to_string(text, &mut self.html);
    }

    pub(super) fn line_break(&mut self) {
        self.html.push_str("<br>");
    }

    pub(super) fn close(&mut self) {
        if let Some(tag) = self.open.pop() {
            self.html.push_str("</");
            self.html.push_str(tag);
            self.html.push('>');
        }
    }

    pub(super) fn into_html(self) -> String {
        self.html
    }
}
