//! Orientations of EXIF.

use super::samples::*;
use crate::files::pictures::PictureFormat;

/// The formats that browsers turn.
const TURNED: [PictureFormat; 2] = [PictureFormat::Jpeg, PictureFormat::Png];
/// The corners as shown for the orientations 1 to 8 (EXIF 2.32, section 4.6.4).
const SHOWN: [[[u8; 3]; 4]; 8] = [
    [RED, GREEN, BLUE, WHITE],
    [GREEN, RED, WHITE, BLUE],
    [WHITE, BLUE, GREEN, RED],
    [BLUE, WHITE, RED, GREEN],
    [RED, BLUE, GREEN, WHITE],
    [BLUE, RED, WHITE, GREEN],
    [WHITE, GREEN, BLUE, RED],
    [GREEN, WHITE, RED, BLUE],
];

#[test]
fn turns_thumbnails_as_exif_says() {
    for format in TURNED {
        for (value, shown) in (1..).zip(SHOWN) {
            let picture = file_with(format, &corners(520, 260), Some(exif(value)), None);
            let (picture, thumbnails) = render(&picture).unwrap();
            let is_tall = value >= 5;
            let size = if is_tall { (260, 520) } else { (520, 260) };
            assert_eq!((picture.width, picture.height), size, "{format:?} {value}");
            let small = decode_webp(&thumbnails.small);
            let size = if is_tall { (240, 480) } else { (480, 240) };
            assert_eq!((small.width(), small.height()), size, "{format:?} {value}");
            for (is, wanted) in corners_of(&small).into_iter().zip(shown) {
                assert!(is_like(is, wanted), "{format:?} {value}: {is:?}, not {wanted:?}");
            }
        }
    }
}

#[test]
fn stripped_pictures_keep_their_orientation() {
    for format in TURNED {
        for value in 1..=8 {
            let picture = file_with(format, &corners(60, 30), Some(exif(value)), None);
            let stripped = strip(&picture).unwrap();
            assert!(contains(&picture, SECRET) && !contains(&stripped, SECRET), "{format:?} {value}");
            assert_eq!(inspect(&stripped).unwrap(), inspect(&picture).unwrap(), "{format:?} {value}");
        }
    }
}

#[test]
fn webp_is_not_turned() {
    let picture = file_with(PictureFormat::WebP, &corners(60, 30), Some(exif(6)), None);
    let (shown, thumbnails) = render(&picture).unwrap();
    assert_eq!((shown.width, shown.height), (60, 30));
    assert!(is_like(corners_of(&decode_webp(&thumbnails.small))[0], RED));
    assert!(!contains(&strip(&picture).unwrap(), b"EXIF"));
}

#[test]
fn an_unknown_orientation_is_upright() {
    for value in [0, 9, 255] {
        let picture = file_with(PictureFormat::Jpeg, &corners(60, 30), Some(exif(value)), None);
        assert_eq!(inspect(&picture).unwrap().width, 60);
    }
}
