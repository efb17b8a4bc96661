"""Inpainters that are one published network each, described by a table: MI-GAN and LaMa."""
