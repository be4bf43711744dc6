"""Every channel is secured: claims C2, C5, C6 and C7."""
