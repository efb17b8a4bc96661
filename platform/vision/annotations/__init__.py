"""Masks in the files of annotation tools: COCO, and Label Studio's brush."""
