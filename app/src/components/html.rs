//! The content of elements that the views of Leptos cannot write.

/// The inside of a `<textarea>` that holds `text`. Leptos 0.8 does not escape the children of one, so a draft that
/// is given as a child could close the element and go on as markup: use this with `inner_html`.
pub(crate) fn textarea_content(text: &str) -> String {
    // An empty field needs no line break, and in a room that the browser has opened by itself no parser drops one.
    if text.is_empty() {
        return String::new();
    }
    // The parser drops a line break right behind the tag (HTML, section 13.2.6.4.7).
    let mut html = String::from("\n");
    html_escape::encode_text_to_string(text, &mut html);
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_cannot_leave_its_field() {
        assert_eq!(textarea_content("</textarea><b>&amp;"), "\n&lt;/textarea&gt;&lt;b&gt;&amp;amp;");
        assert_eq!(textarea_content("\na"), "\n\na");
        assert_eq!(textarea_content(""), "");
    }
}
