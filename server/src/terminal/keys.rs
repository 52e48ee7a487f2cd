//! The effect of each key.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::editor::Editor;

/// The result of a key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum KeyOutcome {
    /// The cursor may have moved; the text is unchanged.
    Moved,
    /// The text has changed.
    Written,
    /// The user has entered the text.
    Entered(String),
    /// The screen must be drawn again.
    Redraw,
    /// Ctrl+C, or Ctrl+D in an empty line.
    Leave,
}

/// Applies a key to the text.
pub(crate) fn press(editor: &mut Editor, key: KeyEvent) -> KeyOutcome {
    if key.kind == KeyEventKind::Release {
        return KeyOutcome::Moved;
    }
    let before = editor.text().len();
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    // Ctrl+Alt is AltGr on some keyboards, and types characters.
    match key.code {
        KeyCode::Char(character) if control && !alt => match character {
            'c' => return KeyOutcome::Leave,
            'd' if editor.is_empty() => return KeyOutcome::Leave,
            'd' => editor.delete(),
            'l' => return KeyOutcome::Redraw,
            'a' => editor.home(),
            'e' => editor.end(),
            'b' => editor.left(),
            'f' => editor.right(),
            'p' => editor.up(),
            'n' => editor.down(),
            'h' => editor.backspace(),
            'w' => editor.cut_word(),
            'u' => editor.cut_to_start(),
            'k' => editor.cut_to_end(),
            'y' => editor.paste_cut(),
            'j' => editor.insert("\n"),
            _ => {}
        },
        KeyCode::Char('b') if alt && !control => editor.word_left(),
        KeyCode::Char('f') if alt && !control => editor.word_right(),
        KeyCode::Char(character) => editor.insert(character.encode_utf8(&mut [0; 4])),
        KeyCode::Enter if alt || key.modifiers.contains(KeyModifiers::SHIFT) => editor.insert("\n"),
        KeyCode::Enter => return KeyOutcome::Entered(editor.take()),
        KeyCode::Tab => editor.insert("\t"),
        KeyCode::Backspace if alt || control => editor.cut_word(),
        KeyCode::Backspace => editor.backspace(),
        KeyCode::Delete => editor.delete(),
        KeyCode::Left if control || alt => editor.word_left(),
        KeyCode::Left => editor.left(),
        KeyCode::Right if control || alt => editor.word_right(),
        KeyCode::Right => editor.right(),
        KeyCode::Up => editor.up(),
        KeyCode::Down => editor.down(),
        KeyCode::Home => editor.home(),
        KeyCode::End => editor.end(),
        _ => {}
    }
    if before == editor.text().len() { KeyOutcome::Moved } else { KeyOutcome::Written }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press_all(editor: &mut Editor, keys: &[(KeyCode, KeyModifiers)]) -> Vec<KeyOutcome> {
        keys.iter().map(|(code, modifiers)| press(editor, KeyEvent::new(*code, *modifiers))).collect()
    }

    #[test]
    fn keys_insert_text_and_enter_submits() {
        let (none, control, alt) = (KeyModifiers::NONE, KeyModifiers::CONTROL, KeyModifiers::ALT);
        let mut editor = Editor::default();
        let pressed = press_all(
            &mut editor,
            &[
                (KeyCode::Char('h'), none),
                (KeyCode::Char('o'), none),
                (KeyCode::Char('a'), control),
                (KeyCode::Char('O'), KeyModifiers::SHIFT),
                (KeyCode::Enter, alt),
                (KeyCode::Char('@'), control | alt),
                (KeyCode::Enter, none),
            ],
        );
        assert_eq!(pressed[2], KeyOutcome::Moved);
        assert_eq!(pressed[3], KeyOutcome::Written);
        assert_eq!(pressed[6], KeyOutcome::Entered("O\n@ho".to_owned()));
        assert!(editor.is_empty());
    }

    #[test]
    fn control_d_quits_only_on_an_empty_line() {
        let control_d = (KeyCode::Char('d'), KeyModifiers::CONTROL);
        let mut editor = Editor::default();
        editor.insert("x");
        editor.home();
        assert_eq!(press_all(&mut editor, &[control_d, control_d]), [KeyOutcome::Written, KeyOutcome::Leave]);
        assert_eq!(
            press_all(&mut editor, &[(KeyCode::Char('c'), KeyModifiers::CONTROL)]),
            [KeyOutcome::Leave]
        );
    }
}
