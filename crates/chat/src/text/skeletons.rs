//! The comparison of names by their appearance.

use std::sync::LazyLock;

use unicode_security::skeleton;

use super::key::fold;

/// The skeletons of a name (UTS #39, section 4), one for each way to interpret its case. Names with a common
/// skeleton can be mistaken for each other.
///
/// Skeletons are compared only when a name is created or changed: a skeleton is not a name, and stored names
/// may share one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameSkeletons {
    /// Skeleton of the name in lower case: `аlice` with a Cyrillic letter becomes `alice`.
    folded: String,
    /// Skeleton of the name as written: Greek `ΗΑΝΝΑ` becomes `HANNA`, although `ηαννα` resembles nothing in
    /// Latin.
    standing: String,
}

impl NameSkeletons {
    /// Computes the skeletons of a name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let folded = skeleton_of(&fold(name));
        let standing = skeleton_of(&fold(&skeleton_of(name)));
        Self { folded, standing }
    }

    /// Returns the different skeletons.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let standing = (self.standing != self.folded).then_some(self.standing.as_str());
        std::iter::once(self.folded.as_str()).chain(standing)
    }

    /// Returns whether one name can be mistaken for the other.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> bool {
        self.iter().any(|look| other.iter().any(|theirs| theirs == look))
    }
}

/// Returns the skeleton of a text.
fn skeleton_of(text: &str) -> String {
    // Characters of ASCII have skeletons of their own: none combines with the next one. Most names consist of them.
    if text.is_ascii() {
        text.bytes().filter_map(|byte| ASCII.get(usize::from(byte))).map(String::as_str).collect()
    } else {
        skeleton(text).collect()
    }
}

/// The skeleton of each character of ASCII.
static ASCII: LazyLock<Vec<String>> = LazyLock::new(|| {
    (0..128_u8).map(|byte| skeleton(char::from(byte).encode_utf8(&mut [0; 4])).collect()).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_has_the_skeleton_of_the_general_rules() {
        for one in 0..128_u8 {
            for other in 0..128_u8 {
                let text: String = [one, other].iter().map(|byte| char::from(*byte)).collect();
                assert_eq!(skeleton_of(&text), skeleton(&text).collect::<String>(), "{text:?}");
            }
        }
    }

    fn alike(one: &str, other: &str) -> bool {
        NameSkeletons::of(one).overlap(&NameSkeletons::of(other))
    }

    #[test]
    fn detects_confusable_names_of_different_scripts() {
        for (one, other) in [
            ("alice", "аlice"),
            ("system", "ѕуѕtеm"),
            ("SYSTEM", "ЅУЅТЕМ"),
            ("HANNA", "ΗΑΝΝΑ"),
            ("hanna", "ΗΑΝΝΑ"),
            ("IVAN", "іvan"),
            ("ivan", "IVAN"),
            ("scope", "ѕсоре"),
            ("Anna", "Αnna"),
            ("modern", "modem"),
            ("paypal", "paypa1"),
            ("оля", "oля"),
            ("𝒜lice", "Alice"),
            ("José", "Jose\u{301}"),
        ] {
            assert!(alike(one, other) && alike(other, one), "{one} {other}");
        }
    }

    #[test]
    fn distinguishes_visibly_different_names() {
        for (one, other) in [
            ("alice", "alice2"),
            ("Анна", "Инна"),
            ("José", "Jose"),
            ("太郎", "大郎"),
            ("علی", "علیرضا"),
            ("राम", "रमा"),
            ("twin2", "twin3"),
        ] {
            assert!(!alike(one, other), "{one} {other}");
        }
    }
}
