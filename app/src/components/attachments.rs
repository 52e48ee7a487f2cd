//! The attachments of a message: pictures, players, and cards for all other files.
//!
//! A function writes them as HTML, as it writes the text of a message: they have no state and no listeners, and code that
//! builds views of this many elements is a large part of a download.

mod picture;

use hubbub_protocol::{Attachment, FileName};
use leptos::prelude::*;

use super::html_writer::HtmlWriter;
use super::icon::IconName;
use crate::i18n::{Strings, strings};
use crate::route::file_path;
use crate::state::timeline_item::MessageItem;

/// Largest size of a single picture or video, in CSS pixels.
const MAX_SHOWN: (u32, u32) = (352, 320);
/// Smallest side of a picture, in CSS pixels, so that it can be pointed at.
const MIN_SHOWN: u32 = 48;
/// Size of a video whose pixels are not known, in CSS pixels.
const USUAL_VIDEO: (u32, u32) = (352, 198);

/// The attachments of a message.
#[component]
pub(crate) fn Attachments<'a>(files: &'a [Attachment]) -> impl IntoView + use<> {
    let strings = strings();
    let html = to_html(files, strings);
    view! { <div class="attachments" role="group" aria-label=strings.files.attachments inner_html=html></div> }
}

/// Returns a word for styles: `pictures` if the message consists of pictures only, which need no bubble, `yes` if it has
/// other attachments, and `local` if they are not sent yet.
pub(crate) fn attachments_kind(message_item: &MessageItem) -> Option<&'static str> {
    let files = message_item.files();
    if !message_item.local_files().is_empty() {
        return Some("local");
    }
    let is_alone = message_item.reply_to().is_none() && message_item.text().is_some_and(|it| it.is_empty());
    match &*files {
        [] => None,
        _ if is_alone && files.iter().all(|file| Kind::of(file) == Kind::Picture) => Some("pictures"),
        _ => Some("yes"),
    }
}

/// The ways in which a file is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A picture with thumbnails.
    Picture,
    /// A video, in a player.
    Video,
    /// A sound, in a player.
    Audio,
    /// A file that the browser shows in a tab of its own.
    Document,
    /// A file to download.
    Other,
}

impl Kind {
    fn of(file: &Attachment) -> Self {
        let (kind, subtype) = file.content_type.split_once('/').unwrap_or_default();
        match kind {
            _ if file.is_picture() && pixels(file).is_some() => Self::Picture,
            "video" => Self::Video,
            "audio" => Self::Audio,
            "text" => Self::Document,
            "application" if subtype == "pdf" => Self::Document,
            _ => Self::Other,
        }
    }
}

/// Returns width and height, if both are known.
fn pixels(file: &Attachment) -> Option<(u32, u32)> {
    Some((file.width.filter(|width| *width > 0)?, file.height.filter(|height| *height > 0)?))
}

fn to_html(files: &[Attachment], strings: &Strings) -> String {
    let mut writer = HtmlWriter::default();
    let (pictures, others): (Vec<&Attachment>, Vec<&Attachment>) =
        files.iter().partition(|file| Kind::of(file) == Kind::Picture);
    picture::write(&pictures, &mut writer);
    for file in others {
        match Kind::of(file) {
            Kind::Video => player("video", file, &mut writer),
            Kind::Audio => player("audio", file, &mut writer),
            Kind::Picture | Kind::Document | Kind::Other => {}
        }
        card(file, strings, &mut writer);
    }
    writer.into_html()
}

/// Writes a player. Its size is known before the browser has loaded anything of the file.
fn player(tag: &'static str, file: &Attachment, writer: &mut HtmlWriter) {
    let path = file_path(file);
    let mut attributes = vec![
        ("class", "player"),
        ("src", path.as_str()),
        ("controls", ""),
        ("preload", "metadata"),
        ("aria-label", file.name.as_str()),
    ];
    let (width, height) = pixels(file).map_or(USUAL_VIDEO, fit);
    let (width, height) = (width.to_string(), height.to_string());
    if tag == "video" {
        attributes.extend([("width", width.as_str()), ("height", height.as_str()), ("playsinline", "")]);
    }
    writer.open(tag, &attributes);
    writer.close();
}

/// Writes a card with icon, name and size. It is a link that downloads the file, or opens it if browsers can show it.
fn card(file: &Attachment, strings: &Strings, writer: &mut HtmlWriter) {
    let path = file_path(file);
    let download = format!("{path}?download");
    let size = (strings.files.size)(file.size);
    let label = format!("{}, {size}", file.name);
    let mut attributes = vec![("class", "file-card"), ("title", file.name.as_str()), ("aria-label", &label)];
    if Kind::of(file) == Kind::Document {
        attributes.extend([("href", path.as_str()), ("target", "_blank"), ("rel", "noopener")]);
    } else {
        attributes.extend([("href", download.as_str()), ("download", file.name.as_str())]);
    }
    writer.open("a", &attributes);
    icon(icon_of(&file.content_type), writer);
    writer.open("span", &[("class", "file-name"), ("dir", "auto")]);
    name(&file.name, writer);
    writer.close();
    writer.open("span", &[("class", "file-size")]);
    writer.text(&size);
    writer.close();
    writer.close();
}

/// Writes a name whose first part may be shortened; its ending is always visible.
fn name(name: &FileName, writer: &mut HtmlWriter) {
    let (stem, ending) = name.split();
    writer.open("span", &[("class", "file-stem")]);
    writer.text(stem);
    writer.close();
    writer.open("span", &[]);
    writer.text(ending);
    writer.close();
}

fn icon(name: IconName, writer: &mut HtmlWriter) {
    writer.open("svg", &[("class", "file-icon"), ("viewBox", "0 0 24 24"), ("aria-hidden", "true")]);
    writer.open("path", &[("d", name.path())]);
    writer.close();
    writer.close();
}

fn icon_of(content_type: &str) -> IconName {
    match content_type.split_once('/').unwrap_or_default() {
        ("image", _) => IconName::Picture,
        ("video", _) => IconName::Video,
        ("audio", _) => IconName::Audio,
        ("text", _) | ("application", "pdf") => IconName::Text,
        (
            "application",
            "zip" | "gzip" | "x-tar" | "x-7z-compressed" | "vnd.rar" | "x-xz" | "zstd" | "x-bzip2",
        ) => IconName::Archive,
        _ => IconName::File,
    }
}

/// Returns the size in CSS pixels at which a picture of this size is shown.
fn fit((width, height): (u32, u32)) -> (u32, u32) {
    let (max_width, max_height) = MAX_SHOWN;
    // `width / height` is larger than that of the limits, so the width is the limit.
    let is_wide = u64::from(width) * u64::from(max_height) >= u64::from(height) * u64::from(max_width);
    let scaled = |side: u32, limit: u32, by: u32| {
        let scaled = u64::from(side) * u64::from(limit.min(by)) / u64::from(by);
        u32::try_from(scaled).unwrap_or(u32::MAX)
    };
    let (width, height) = if is_wide {
        (width.min(max_width), scaled(height, max_width, width))
    } else {
        (scaled(width, max_height, height), height.min(max_height))
    };
    (width.max(MIN_SHOWN), height.max(MIN_SHOWN))
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
