//! Private data is removed.

use moxcms::ColorProfile;

use super::samples::*;
use crate::files::pictures::{NoPicture, PictureFormat};

/// The same picture with all kinds of private data.
fn private(format: PictureFormat) -> Vec<u8> {
    let profile = Some(ColorProfile::new_display_p3().encode().unwrap());
    let secret = |prefix: &[u8]| [prefix, b" SECRET text"].concat();
    let image = corners(60, 30);
    match format {
        PictureFormat::Jpeg => {
            let file = file_with(format, &image, Some(exif(6)), profile);
            let segments = [
                (0xE0, [b"JFIF\0\x01\x01\0\0\x01\0\x01\x02\x01", SECRET].concat()),
                (0xE0, secret(b"JFXX\0\x13")),
                (0xE1, secret(b"http://ns.adobe.com/xap/1.0/\0")),
                (0xE1, secret(b"Exif\0\0")),
                (0xE2, secret(b"MPF\0")),
                (0xED, secret(b"Photoshop 3.0\x008BIM")),
                (0xEF, secret(b"anything")),
                (0xFE, secret(b"a comment")),
            ];
            [with_jpeg_segments(file, &segments), b"\0\0\0\x18ftypmp4 SECRET video".to_vec()].concat()
        }
        PictureFormat::Png => {
            let file = file_with(format, &image, Some(exif(6)), profile);
            let chunks = [
                png_chunk(b"tEXt", &secret(b"Author\0")),
                png_chunk(b"zTXt", &secret(b"Author\0\0")),
                png_chunk(b"iTXt", &secret(b"XML:com.adobe.xmp\0\0\0\0\0")),
                png_chunk(b"tIME", b"SECRET!"),
                png_chunk(b"prVt", &secret(b"")),
            ];
            [with_png_chunks(file, &chunks), secret(b"")].concat()
        }
        PictureFormat::WebP => {
            let file = file_with(format, &image, Some(exif(6)), profile);
            let mut file = with_webp_chunks(file, &[(b"XMP ", secret(b"<x/>")), (b"prVt", secret(b"1"))]);
            file[20] |= 0x04;
            [file, secret(b"")].concat()
        }
        PictureFormat::Gif => {
            let mut file = file(format, &image);
            let comment =
                [b"\x21\xFE\x0E<b>SECRET!</b>\0".to_vec(), b"\x21\xFF\x0BXMP DataXMP\x06SECRET\0".to_vec()];
            let end = file.len() - 1;
            file.splice(end..end, comment.concat());
            [file, secret(b"<script>")].concat()
        }
        PictureFormat::Bmp => file(format, &image),
    }
}

#[test]
fn removes_private_data_and_keeps_pixels() {
    for format in ALL {
        let picture = private(format);
        let stripped = strip(&picture).unwrap();
        assert!(!contains(&stripped, SECRET), "{format:?}: {}", stripped.escape_ascii());
        assert_eq!(inspect(&stripped).unwrap(), inspect(&picture).unwrap(), "{format:?}");
        let decode = |file: &[u8]| image::load_from_memory_with_format(file, format.codec()).unwrap();
        assert_eq!(decode(&stripped), decode(&picture), "{format:?}");
    }
}

#[test]
fn keeps_color_profiles() {
    let profile = ColorProfile::new_display_p3().encode().unwrap();
    for format in [PictureFormat::Jpeg, PictureFormat::WebP] {
        assert!(contains(&strip(&private(format)).unwrap(), &profile), "{format:?}");
    }
    // Profiles are compressed in PNG.
    assert!(contains(&strip(&private(PictureFormat::Png)).unwrap(), b"iCCP"));
}

#[test]
fn a_stripped_picture_stays_the_same() {
    for format in ALL {
        let stripped = strip(&private(format)).unwrap();
        assert_eq!(strip(&stripped).unwrap(), stripped, "{format:?}");
    }
}

#[test]
fn flags_of_webp_tell_what_the_file_has() {
    let flags = |file: &[u8]| file[20] & 0x2C;
    let picture = private(PictureFormat::WebP);
    let stripped = strip(&picture).unwrap();
    assert_eq!((flags(&picture), flags(&stripped)), (0x2C, 0x20), "a profile, EXIF and XMP");
    assert_eq!(u32::from_le_bytes(stripped[4..8].try_into().unwrap()) as usize, stripped.len() - 8);
}

#[test]
fn strips_pictures_that_are_too_large_to_decode() {
    let picture = with_png_chunks(
        png_header(60_000, 60_000, 8, 2),
        &[png_chunk(b"eXIf", &exif(3)), png_chunk(b"tEXt", b"Author\0SECRET")],
    );
    let stripped = strip(&picture).unwrap();
    assert!(!contains(&stripped, SECRET) && contains(&stripped, b"eXIf"));
}

#[test]
fn does_not_strip_other_files() {
    assert!(matches!(strip(b"hello, SECRET"), Err(NoPicture::UnknownFormat)));
    assert!(strip(b"GIF89a is a format for pictures, and this text is about it.").is_err());
    for format in [PictureFormat::Gif, PictureFormat::Jpeg, PictureFormat::Png, PictureFormat::WebP] {
        let picture = file(format, &corners(60, 30));
        let cut = strip(&picture[..picture.len() - 20]);
        assert!(matches!(cut, Err(NoPicture::Truncated)), "{format:?}: {cut:?}");
    }
}
