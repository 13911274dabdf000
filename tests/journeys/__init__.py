"""Whole stories in a real browser, on real RTSP, with the product's own processes."""
