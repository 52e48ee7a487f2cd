//! Pictures, in a grid whose size does not depend on what is loaded.

use hubbub_protocol::Attachment;

use super::{fit, pixels};
use crate::components::html_writer::HtmlWriter;
use crate::route::file_path;

/// Sides of the squares in which the server's thumbnails fit, in pixels.
const THUMBNAILS: [(&str, u32); 2] = [("small", 480), ("large", 1_600)];
/// Width of a grid of several pictures, in CSS pixels (`style/attachments.css`).
const GRID_WIDTH: u32 = 352;

/// Writes the pictures: one in its own form, several as a grid of squares.
pub(super) fn write(pictures: &[&Attachment], writer: &mut HtmlWriter) {
    let columns = match pictures.len() {
        0 => return,
        1 => "1",
        2 | 4 => "2",
        _ => "3",
    };
    writer.open("div", &[("class", "pictures"), ("data-columns", columns)]);
    for file in pictures {
        let Some(original) = pixels(file) else { continue };
        let shown = match columns {
            "1" => fit(original),
            "2" => (GRID_WIDTH / 2, GRID_WIDTH / 2),
            _ => (GRID_WIDTH / 3, GRID_WIDTH / 3),
        };
        picture(file, original, shown, writer);
    }
    writer.close();
}

/// Writes a picture over its blurred preview, as a link to the original. An empty drawing gives both their size: a picture
/// that is loaded has the proportions of its file, and a preview of a few pixels has others.
fn picture(file: &Attachment, original: (u32, u32), shown: (u32, u32), writer: &mut HtmlWriter) {
    let path = file_path(file);
    let [small, large] =
        THUMBNAILS.map(|(size, side)| (format!("{path}?size={size}"), thumbnail_width(original, side)));
    let mut sources = format!("{} {}w", small.0, small.1);
    // Two equal widths would be the same picture.
    if large.1 > small.1 {
        sources += &format!(", {} {}w", large.0, large.1);
    }
    let preview = format!("data:{}", file.preview.as_deref().unwrap_or_default());
    let sizes = format!("{}px", shown.0);
    let (width, height) = (shown.0.to_string(), shown.1.to_string());
    let size = [("width", width.as_str()), ("height", height.as_str())];
    let name = file.name.as_str();
    let link =
        [("class", "picture"), ("href", &path), ("target", "_blank"), ("rel", "noopener"), ("title", name)];
    writer.open("a", &link);
    let view_box = format!("0 0 {width} {height}");
    let frame = [
        ("class", "picture-size"),
        ("viewBox", view_box.as_str()),
        ("aria-hidden", "true"),
        size[0],
        size[1],
    ];
    writer.open("svg", &frame);
    writer.close();
    writer.void("img", &[("class", "picture-preview"), ("src", &preview), ("alt", ""), size[0], size[1]]);
    writer.void(
        "img",
        &[
            ("class", "picture-shown"),
            ("loading", "lazy"),
            ("decoding", "async"),
            ("sizes", &sizes),
            ("srcset", &sources),
            ("src", &small.0),
            ("alt", name),
            size[0],
            size[1],
        ],
    );
    writer.close();
}

/// Returns the width of the thumbnail that fits in a square with this side. The server enlarges no picture.
fn thumbnail_width((width, height): (u32, u32), side: u32) -> u32 {
    let longest = width.max(height);
    if longest <= side {
        return width;
    }
    let scaled = u64::from(width) * u64::from(side) / u64::from(longest);
    u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
}
