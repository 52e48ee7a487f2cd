//! Escaped content for elements that Leptos views cannot write.

/// Returns the inner HTML of a `<textarea>` with `text`. Leptos 0.8 does not escape children of this element,
/// so a draft given as a child could close it and inject markup. Use the result with `inner_html`.
pub(crate) fn textarea_content(text: &str) -> String {
    // In a room that the browser rendered, no HTML parser removes the line break, so an empty field must not
    // have one.
    if text.is_empty() {
        return String::new();
    }
    // The parser drops a line break directly after the tag (HTML, section 13.2.6.4.7).
    let mut html = String::from("\n");
    html_escape::encode_text_to_string(text, &mut html);
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_the_content_of_a_textarea() {
        assert_eq!(textarea_content("</textarea><b>&amp;"), "\n&lt;/textarea&gt;&lt;b&gt;&amp;amp;");
        assert_eq!(textarea_content("\na"), "\n\na");
        assert_eq!(textarea_content(""), "");
    }
}
