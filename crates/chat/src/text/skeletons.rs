//! The comparison of names by their appearance.

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
        let folded = skeleton(&fold(name)).collect();
        let latin: String = skeleton(name).collect();
        let standing = skeleton(&fold(&latin)).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

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
