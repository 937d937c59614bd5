"""What is armed: one sentence over the ladder, until it bites or a click takes it back."""

from __future__ import annotations

from tutor.ui.button import Button
from tutor.ui.style import Style


class Armed(Button):
    """The newest armed act in words, with how many more there are; the others are in the hint."""

    def __init__(self) -> None:
        super().__init__("plain")
        self.hide()

    def show_sentences(self, sentences: tuple[str, ...], style: Style) -> None:
        """Say what is armed, the newest first; nothing hides the line."""
        self.setVisible(bool(sentences))
        if sentences:
            more = f"  +{len(sentences) - 1}" if len(sentences) > 1 else ""
            hint = "\n".join((*sentences, style.words.t("Take back what is armed")))
            self.restyle(style, f"{sentences[0]}{more}   ✕", hint=hint)
