"""``tcp-tutor present``."""
