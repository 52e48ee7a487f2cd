//! Icons. All except the logo are single-colour outlines in the colour of the surrounding text.

use leptos::prelude::*;

/// The icons, named after the action or object that they stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IconName {
    Account,
    Archive,
    Audio,
    Browse,
    Check,
    Clock,
    Close,
    Copy,
    Density,
    Delete,
    Down,
    Edit,
    Eye,
    Failed,
    File,
    Keyboard,
    Language,
    Leave,
    Link,
    Menu,
    More,
    Pause,
    People,
    Picture,
    Plus,
    Reply,
    Search,
    Send,
    Smile,
    Text,
    TextSize,
    Theme,
    Unread,
    Video,
}

impl IconName {
    /// Returns the SVG path in a square of 24 units.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Account => {
                "M12 4a4 4 0 1 0 0 8a4 4 0 1 0 0-8M4.500 20c.5-3.500 3.500-5.500 7.500-5.500s7 2 7.500 5.500"
            }
            Self::Archive => "M4 4h16v5H4zM5.500 9v11h13V9M10 13h4",
            Self::Audio => {
                "M9 18V5.500l10-2V16M6.500 15.500a2.500 2.500 0 1 0 0 5a2.500 2.500 0 1 0 0-5M16.500 13.500a2.500 2.500 0 1 0 0 5a2.500 2.500 0 1 0 0-5"
            }
            Self::Browse => "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M15.500 8.500l-2 5-5 2 2-5z",
            Self::Check => "M5 12.5l4.500 4.500L19 7.500",
            Self::Clock => "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 7.500V12l3 2",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Copy => "M9 9h10v10H9zM15 9V5H5v10h4",
            Self::Density => "M4 6h16M4 10h16M4 14h16M4 18h16",
            Self::Delete => "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.500 11v5M13.500 11v5",
            Self::Down => "M12 5v14M6 13l6 6 6-6",
            Self::Edit => "M4.500 19.500l1-4L16 5l3 3L8.500 18.500zM13.500 7.500l3 3",
            Self::Eye => {
                "M2.500 12c2.500-4.500 5.500-6.500 9.500-6.500s7 2 9.500 6.500c-2.500 4.500-5.500 6.500-9.500 6.500s-7-2-9.500-6.500\
                 M12 9.500a2.500 2.500 0 1 0 0 5a2.500 2.500 0 1 0 0-5"
            }
            Self::Failed => "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 7.500v5.500M12 16.200v.1",
            Self::File => "M6 3h8l4.500 4.500V21H6zM14 3v4.500h4.500",
            Self::Keyboard => "M3 7h18v10H3zM7 10.500v.1M11 10.500v.1M15 10.500v.1M8 14h8",
            Self::Language => "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M3 12h18M12 3c-5 5-5 13 0 18c5-5 5-13 0-18",
            Self::Leave => "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
            Self::Link => {
                "M10 14a4.200 4.200 0 0 0 6 0l3-3a4.240 4.240 0 0 0-6-6l-1 1\
                 M14 10a4.200 4.200 0 0 0-6 0l-3 3a4.240 4.240 0 0 0 6 6l1-1"
            }
            Self::Menu => "M4 7h16M4 12h16M4 17h16",
            Self::More => {
                "M5 12a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0M11.500 12a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0M18 12a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0"
            }
            Self::Pause => "M8.500 5v14M15.500 5v14",
            Self::People => {
                "M9 11a3.500 3.500 0 1 0 0-7a3.500 3.500 0 1 0 0 7M2.500 20c0-3.600 2.900-6 6.500-6s6.500 2.400 6.500 6\
                 M16 4.300a3.500 3.500 0 0 1 0 6.400M18 14.500c2.100.8 3.500 2.800 3.500 5.500"
            }
            Self::Picture => "M4 5h16v14H4zM4 16l4.500-5 4 4.500 2.500-2.500 5 5M15.500 9v.1",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Reply => "M9.500 6L4 11.500l5.500 5.500M4 11.500h9c4 0 7 2.500 7 7",
            Self::Search => "M10.500 4a6.500 6.500 0 1 0 0 13a6.500 6.500 0 1 0 0-13M15.500 15.500L20 20",
            Self::Send => "M4.500 12L20 4.500 15.500 20l-3.500-6.500zM12 13.500L20 4.500",
            Self::Smile => {
                "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M8.500 14c.8 1.500 2 2.200 3.500 2.200s2.700-.7 3.500-2.200\
                 M9 9.500v.1M15 9.500v.1"
            }
            Self::Text => "M6 3h8l4.500 4.500V21H6zM9 11h6M9 14h6M9 17h4",
            Self::TextSize => "M3 18l4.500-12L12 18M4.500 14h6M14 18l3.500-8 3.500 8M15.200 15.500h4.600",
            Self::Theme => "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18v18M15 5.500v13M18 8v8",
            Self::Unread => "M20 11v8H4V6h9M4 7l8 6 3-2.200M19 4a1.500 1.500 0 1 0 0 3a1.500 1.500 0 1 0 0-3",
            Self::Video => "M3 6h12v12H3zM15 10.500l6-3.500v10l-6-3.500",
        }
    }
}

/// A decorative icon, hidden from screen readers. A button with an icon needs text or a label as well.
#[component]
pub(crate) fn Icon(name: IconName, #[prop(default = 20)] size: u32) -> impl IntoView {
    view! {
        <svg
            width=size
            height=size
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=name.path() />
        </svg>
    }
}

/// The logo of Hubbub.
#[component]
pub(crate) fn Logo(size: u32) -> impl IntoView {
    view! { <img src="/icon.svg" width=size height=size alt="" /> }
}
